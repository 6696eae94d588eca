import { factBytesMax, itemsPerFactMax } from './define-fact.ts';

/** Cuts a list into runs that fit one bulk fact, by number of items and by bytes of JSON. Order is kept. */
export function cutBulk<Item>(
  items: readonly Item[],
  itemsMax = itemsPerFactMax,
  bytesMax = factBytesMax,
): Item[][] {
  const runs: Item[][] = [];
  let run: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = JSON.stringify(item).length;
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
