/**
 * Chance that can be replayed: the same seed gives the same draws (mulberry32). A child draws from a stream of its own, so
 * that one part of a run does not depend on how often another one drew.
 */
export function seeded(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  /** A whole number from `least` to `most`, both included. */
  const between = (least, most) => least + Math.floor(next() * (most - least + 1));
  const pick = (list) => list[Math.floor(next() * list.length)];
  const shuffled = (list) => {
    const cards = [...list];
    for (let last = cards.length - 1; last > 0; last -= 1) {
      const other = Math.floor(next() * (last + 1));
      [cards[last], cards[other]] = [cards[other], cards[last]];
    }
    return cards;
  };
  const child = (label) => seeded([...String(label)].reduce(mix, seed >>> 0));
  return { next, between, pick, shuffled, child };
}

const mix = (hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
