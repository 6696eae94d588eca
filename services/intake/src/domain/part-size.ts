/**
 * How many requests the part may hold that begins behind `said` of the `count` of a file. The first parts are short, so
 * that the other services begin early, and so are the last, so that they all end at about the same time.
 */
export function partSizeMax(said: number, { count, most }: { count: number; most: number }): number {
  const left = count - said;
  if (left > 0 && left < 1.5 * least) return Math.ceil(left);
  return Math.min(most, Math.max(least, said), Math.max(least, Math.ceil(left / tailShare)));
}

/** Less would cost more to hand over than it gains. */
const least = 500;

const tailShare = 3;
