import { compactDate, formatDollars } from '@remitflow/kernel';

/** `formatDollars` and `compactDate`: a file repeats few amounts and days many times, so each is written once. */
export const dollars = once(formatDollars);
export const compactDay = once(compactDate);

function once<T extends string | number>(write: (value: T) => string): (value: T) => string {
  const known = new Map<T, string>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    if (known.size >= knownMax) known.clear();
    const written = write(value);
    known.set(value, written);
    return written;
  };
}

const knownMax = 10_000;
