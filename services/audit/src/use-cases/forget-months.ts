import { nextCheckpoint, type Checkpoint, type StreamHead } from '../domain/checkpoint.ts';
import type { Sha256 } from '../domain/event.ts';
import { headsPerCheckpoint } from './take-checkpoint.ts';

export type Work = {
  sha256: Sha256;
  checkpoints: {
    lockLast(): Promise<{ number: number; hash: string }>;
    write(checkpoint: Checkpoint, heads: readonly StreamHead[]): Promise<void>;
  };
  retention: {
    monthsBefore(month: string): Promise<string[]>;
    endsAfter(place: { month: string; stream: string }, limit: number): Promise<StreamHead[]>;
    forget(month: string): Promise<void>;
  };
};

/** Does something in a transaction of its own. */
export type InTransaction = <T>(act: (work: Work) => Promise<T>) => Promise<T>;

/**
 * Forgets the months before one and gives them. First the ends of their streams are named by checkpoints, which makes
 * them anchors: verification begins behind them. A stream that grows meanwhile keeps its month, until the next time.
 */
export async function forgetMonths(
  inTransaction: InTransaction,
  { oldestKept, now }: { readonly oldestKept: string; readonly now: Date },
): Promise<string[]> {
  const months = await inTransaction(({ retention }) => retention.monthsBefore(oldestKept));
  for (const month of months) {
    const anchorFrom = (stream: string): Promise<string | undefined> =>
      inTransaction((work) => anchor(work, { place: { month, stream }, now }));
    for (let last: string | undefined = ''; last !== undefined;) last = await anchorFrom(last);
    await inTransaction((work) => drop(work, { month, now }));
  }
  return months;
}

/** Names the ends of the next streams of a month, and gives the last of these. */
async function anchor(
  { checkpoints, retention, sha256 }: Work,
  { place, now }: { readonly place: { month: string; stream: string }; readonly now: Date },
): Promise<string | undefined> {
  const heads = await retention.endsAfter(place, headsPerCheckpoint);
  if (heads.length === 0) return undefined;
  const last = await checkpoints.lockLast();
  const forgetting = { heads, takenAt: now.toISOString(), forgets: place.month };
  await checkpoints.write(nextCheckpoint(last, forgetting, sha256), heads);
  return heads.at(-1)!.stream;
}

/** A checkpoint without heads says that it was done: from then on the anchors before it stand for the events. */
async function drop(
  { checkpoints, retention, sha256 }: Work,
  { month, now }: { readonly month: string; readonly now: Date },
): Promise<void> {
  const last = await checkpoints.lockLast();
  const done = { heads: [], takenAt: now.toISOString(), forgets: month };
  await checkpoints.write(nextCheckpoint(last, done, sha256), []);
  await retention.forget(month);
}
