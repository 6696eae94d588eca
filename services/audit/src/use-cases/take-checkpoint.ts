import type { Sha256 } from '../domain/event.ts';
import { nextCheckpoint, type Checkpoint, type StreamHead } from '../domain/checkpoint.ts';

export type Needs = {
  sha256: Sha256;
  checkpoints: {
    lockLast(): Promise<{ number: number; hash: string }>;
    grownHeads(limit: number): Promise<StreamHead[]>;
    write(checkpoint: Checkpoint, heads: readonly StreamHead[]): Promise<void>;
  };
};

/** Streams in one checkpoint; the rest is in the next, taken at once. */
export const headsPerCheckpoint = 2_000;

/** Says how far the streams have grown; undefined when none has. */
export async function takeCheckpoint(
  { checkpoints, sha256 }: Needs,
  now: Date,
): Promise<{ checkpoint: Checkpoint; isFull: boolean } | undefined> {
  const last = await checkpoints.lockLast();
  const heads = await checkpoints.grownHeads(headsPerCheckpoint);
  if (heads.length === 0) return undefined;
  const checkpoint = nextCheckpoint(last, { heads, takenAt: now.toISOString() }, sha256);
  await checkpoints.write(checkpoint, heads);
  return { checkpoint, isFull: heads.length === headsPerCheckpoint };
}
