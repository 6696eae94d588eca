import { factBytesMax, itemsPerFactMax } from './define-fact.ts';

export type BulkLimits<Item> = {
  readonly itemsMax?: number;
  readonly bytesMax?: number;
  /** About how many bytes of JSON an item is; without it each is written to see. */
  weigh?(item: Item): number;
};

/** Cuts a list into runs that fit one bulk fact, by number of items and by bytes of JSON. Order is kept. */
export function cutBulk<Item>(
  items: readonly Item[],
  { itemsMax = itemsPerFactMax, bytesMax = factBytesMax, weigh = writtenBytes }: BulkLimits<Item> = {},
): Item[][] {
  const runs: Item[][] = [];
  let run: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = weigh(item);
    if (run.length > 0 && (run.length >= itemsMax || bytes + size > bytesMax)) {
      runs.push(run);
      run = [];
      bytes = 0;
    }
    run.push(item);
    bytes += size;
  }
  if (run.length > 0) runs.push(run);
  return runs;
}

const writtenBytes = (item: unknown): number => JSON.stringify(item).length;
