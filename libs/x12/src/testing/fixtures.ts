/** What the specs of this package write files with; not part of the package. */
export type Marks = {
  readonly element: string;
  readonly component: string;
  readonly segment: string;
  readonly repetition: string;
};

export const isaOf = (marks: Marks, controlNumber = '000000007'): string =>
  [
    'ISA',
    ...['00', ''.padEnd(10), '00', ''.padEnd(10), 'ZZ', 'SENDER'.padEnd(15), 'ZZ', 'RECEIVER'.padEnd(15)],
    ...['261122', '0130', marks.repetition, '00501', controlNumber, '0', 'T', marks.component],
  ].join(marks.element) + marks.segment;

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Cuts into chunks of the given sizes, over and over. */
export function inChunks(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let start = 0, turn = 0; start < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length]!;
    chunks.push(bytes.subarray(start, start + size));
    start += size;
  }
  return chunks;
}

export async function* sourceOf(...contents: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const content of contents) yield typeof content === 'string' ? bytesOf(content) : content;
}

export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of source) found.push(one);
  return found;
}
