import { sha256 } from './event.ts';

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
  heads: readonly StreamHead[],
  takenAt: string,
): Checkpoint {
  const covered = {
    number: previous.number + 1,
    previousHash: previous.hash,
    headsDigest: digestOfHeads(heads),
    streams: heads.length,
    takenAt,
  };
  return { ...covered, hash: checkpointHash(covered) };
}

export const checkpointHash = ({
  number,
  previousHash,
  headsDigest,
  streams,
  takenAt,
}: Omit<Checkpoint, 'hash'>): string =>
  sha256([checkpointTag, previousHash, number, headsDigest, streams, takenAt].join('\n'));

export const digestOfHeads = (heads: readonly StreamHead[]): string =>
  sha256(
    heads
      .map(({ stream, sequence, hash }) => `${stream} ${sequence} ${hash}`)
      .sort()
      .join('\n'),
  );

const checkpointTag = 'remitflow.audit.checkpoint.v1';
