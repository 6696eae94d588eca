import { isUuid } from '@remitflow/kernel';

/**
 * Requests whose ids are a submission and a position (version 8, ADR 24), by block: 65,536 ids that differ in their last
 * four digits alone. A block is named by the id with zeros there; its places are those digits, ascending, each once.
 */
export type Places = ReadonlyMap<string, Uint16Array>;

/** Whom something is about: ids that stand in blocks and all others, each once. */
export type Subjects = { readonly places: Places; readonly ids: readonly string[] };

/** Those who have these ids; other text is nobody. */
export function subjectsWith(ids: Iterable<string>): Subjects {
  const gathered = new GatheredSubjects();
  for (const id of ids) gathered.add(id);
  return gathered.all();
}

export class GatheredSubjects {
  readonly #blocks = new Map<string, number[]>();
  readonly #ids = new Set<string>();
  /** What the ids of the last block begin with: most stand in the same as the one before. */
  #begin = '';
  #block: number[] = [];

  /** False when it is no id, which cannot be indexed, and says nothing that anybody could ask for. */
  add(id: unknown): boolean {
    if (typeof id !== 'string') return false;
    const place = lastDigitsOf(id);
    if (place < 0 || this.#begin === '' || !id.startsWith(this.#begin)) {
      if (!isUuid(id)) return false;
      if (id[versionPlace] === '8') this.#enter(id.slice(0, blockLength));
      else this.#ids.add(id);
    }
    if (id[versionPlace] === '8') this.#block.push(place);
    return true;
  }

  all(): Subjects {
    const places = new Map([...this.#blocks].map(([name, found]) => [name, ascending(found)] as const));
    return { places, ids: [...this.#ids] };
  }

  #enter(begin: string): void {
    const name = `${begin.toLowerCase()}0000`;
    this.#begin = begin;
    this.#block = this.#blocks.get(name) ?? [];
    this.#blocks.set(name, this.#block);
  }
}

/** Whether all the places are among the others. */
export function areAmong(places: Places, others: Places): boolean {
  for (const [block, asked] of places) {
    const found = others.get(block);
    if (!found || !isPartOf(asked, found)) return false;
  }
  return true;
}

/** How many they are, in all blocks. */
export const countOf = (places: Places): number =>
  [...places.values()].reduce((sum, { length }) => sum + length, 0);

function isPartOf(asked: Uint16Array, found: Uint16Array): boolean {
  let at = 0;
  for (const place of asked) {
    while (at < found.length && found[at]! < place) at += 1;
    if (found[at] !== place) return false;
  }
  return true;
}

function ascending(places: readonly number[]): Uint16Array {
  const sorted = new Uint16Array(places);
  if (!isAscending(sorted)) sorted.sort();
  let kept = 0;
  for (const place of sorted) if (kept === 0 || place !== sorted[kept - 1]) sorted[kept++] = place;
  return kept === sorted.length ? sorted : sorted.slice(0, kept);
}

/** Bulk facts mostly name them in order. */
function isAscending(places: Uint16Array): boolean {
  for (let at = 1; at < places.length; at += 1) if (places[at]! < places[at - 1]!) return false;
  return true;
}

/** Less than nothing when the text is no id, or these are no digits. */
const lastDigitsOf = (id: string): number =>
  id.length === blockLength + 4
    ? (digitAt(id, 32) << 12) | (digitAt(id, 33) << 8) | (digitAt(id, 34) << 4) | digitAt(id, 35)
    : -1;

function digitAt(id: string, at: number): number {
  const code = id.charCodeAt(at);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

const blockLength = 32;
const versionPlace = 14;
