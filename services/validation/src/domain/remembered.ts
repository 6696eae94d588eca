/**
 * What was read of a text before: claims name the same few days, units and identifiers again and again. `read` gives
 * the same for the same text, always. Forgets all when it holds too many, so that no sender can fill the memory.
 */
export function remembered<Read>(read: (text: string) => Read, textsMax = 4_000): (text: string) => Read {
  const known = new Map<string, Read>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const now = read(text);
    if (known.size >= textsMax) known.clear();
    known.set(text, now);
    return now;
  };
}
