import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fedByPages } from './fed-by-pages.ts';

async function* pagesOf(sizes: readonly number[]): AsyncGenerator<number[]> {
  let count = 0;
  for (const size of sizes) yield Array.from({ length: size }, () => (count += 1));
}

/** Joins so many items to a piece. */
const joining = (perPiece: number) =>
  function* (items: Iterable<number>): Generator<string> {
    let piece: number[] = [];
    for (const item of items) {
      piece.push(item);
      if (piece.length < perPiece) continue;
      yield piece.join(',');
      piece = [];
    }
    yield piece.join(',');
  };

async function all(pieces: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const piece of pieces) found.push(piece);
  return found;
}

describe('a writer fed by pages', () => {
  it('writes what it would have written of all items at once, however they come', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 900 }), async (pages, perPiece) => {
        const total = pages.reduce((sum, size) => sum + size, 0);
        const atOnce = joining(perPiece)(Array.from({ length: total }, (_, index) => index + 1));
        expect(await all(fedByPages(pagesOf(pages), joining(perPiece)))).toEqual([...atOnce]);
      }),
      { numRuns: 40 },
    );
  });

  it('fails rather than writing half when a piece takes more than is in hand', async () => {
    const pages = pagesOf(Array.from({ length: 20 }, () => 500));
    await expect(all(fedByPages(pages, joining(5_000)))).rejects.toThrow('file.writer-starved');
  });
});
