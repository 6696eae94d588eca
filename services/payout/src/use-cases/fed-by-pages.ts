import { BrokenInvariant } from '@remitflow/kernel';

/** A writer that waits for nothing takes no more than this between two of its pieces. */
const itemsPerPieceMax = 1_000;

/**
 * Lets a writer that takes its items without waiting be fed by pages that come one after the other: between its pieces
 * there is always more in hand than it takes for one, so no more than a page and a piece are in memory. Throws
 * `file.writer-starved` when a writer takes more than that for one piece.
 */
export async function* fedByPages<Item>(
  pages: AsyncIterable<readonly Item[]>,
  write: (items: Iterable<Item>) => Iterable<string>,
): AsyncGenerator<string> {
  const source = pages[Symbol.asyncIterator]();
  let inHand: Item[] = [];
  let next = 0;
  let isOver = false;
  const fill = async (): Promise<void> => {
    while (!isOver && inHand.length - next < itemsPerPieceMax) {
      const page = await source.next();
      if (page.done) isOver = true;
      else inHand = [...inHand.slice(next), ...page.value];
      if (!page.done) next = 0;
    }
  };
  function* items(): Generator<Item> {
    for (;;) {
      if (next < inHand.length) yield inHand[next++]!;
      else if (isOver) return;
      else throw new BrokenInvariant('file.writer-starved', { itemsPerPieceMax });
    }
  }
  await fill();
  for (const piece of write(items())) {
    yield piece;
    await fill();
  }
}
