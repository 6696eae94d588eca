import type { Sha256 } from './event.ts';

export type StreamHead = { readonly stream: string; readonly sequence: number; readonly hash: string };

/** How far streams had grown at one moment, chained to the checkpoint before it. */
export type Checkpoint = {
  readonly number: number;
  readonly previousHash: string;
  readonly headsDigest: string;
  /** How many streams had grown since the checkpoint before. */
  readonly streams: number;
  readonly takenAt: string;
  readonly hash: string;
};

/** The heads are those that have grown since the checkpoint before. */
export function nextCheckpoint(
  previous: { readonly number: number; readonly hash: string },
  { heads, takenAt }: { readonly heads: readonly StreamHead[]; readonly takenAt: string },
  sha256: Sha256,
): Checkpoint {
  const covered = {
    number: previous.number + 1,
    previousHash: previous.hash,
    headsDigest: sha256(headsText(heads)),
    streams: heads.length,
    takenAt,
  };
  return { ...covered, hash: sha256(checkpointText(covered)) };
}

/** Whether a checkpoint is what follows the one before it over these heads. */
export function isSound(
  { checkpoint, heads }: { readonly checkpoint: Checkpoint; readonly heads: readonly StreamHead[] },
  previous: { readonly number: number; readonly hash: string },
  sha256: Sha256,
): boolean {
  return (
    checkpoint.number === previous.number + 1 &&
    checkpoint.previousHash === previous.hash &&
    checkpoint.headsDigest === sha256(headsText(heads)) &&
    checkpoint.hash === sha256(checkpointText(checkpoint))
  );
}

const checkpointText = ({
  number,
  previousHash,
  headsDigest,
  streams,
  takenAt,
}: Omit<Checkpoint, 'hash'>): string =>
  [checkpointTag, previousHash, number, headsDigest, streams, takenAt].join('\n');

const headsText = (heads: readonly StreamHead[]): string =>
  heads
    .map(({ stream, sequence, hash }) => `${stream} ${sequence} ${hash}`)
    .sort()
    .join('\n');

const checkpointTag = 'remitflow.audit.checkpoint.v1';
