import type { Sha256 } from './event.ts';

export type StreamHead = {
  readonly stream: string;
  readonly month: string;
  readonly sequence: number;
  readonly hash: string;
};

/** How far streams had grown at one moment, chained to the checkpoint before it. */
export type Checkpoint = {
  readonly number: number;
  readonly previousHash: string;
  readonly headsDigest: string;
  /** How many streams had grown since the checkpoint before. */
  readonly streams: number;
  readonly takenAt: string;
  /** The month that is dropped afterwards, its streams ending at these heads; null when nothing is. */
  readonly forgets: string | null;
  readonly hash: string;
};

type NewCheckpoint = {
  readonly heads: readonly StreamHead[];
  readonly takenAt: string;
  readonly forgets?: string | null;
};

/** The heads are those that have grown since the checkpoint before, or those of a month that is forgotten. */
export function nextCheckpoint(
  previous: { readonly number: number; readonly hash: string },
  { heads, takenAt, forgets = null }: NewCheckpoint,
  sha256: Sha256,
): Checkpoint {
  const covered = {
    number: previous.number + 1,
    previousHash: previous.hash,
    headsDigest: sha256(headsText(heads.map(headLine))),
    streams: heads.length,
    takenAt,
    forgets,
  };
  return { ...covered, hash: sha256(checkpointText(covered)) };
}

/** Whether a checkpoint is what follows the one before it over these heads, each `<stream> <sequence> <hash>`. */
export function isSound(
  { checkpoint, heads }: { readonly checkpoint: Checkpoint; readonly heads: readonly string[] },
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
  forgets,
}: Omit<Checkpoint, 'hash'>): string =>
  [
    ...[checkpointTag, previousHash, number, headsDigest, streams, takenAt],
    ...(forgets === null ? [] : [`forgets ${forgets}`]),
  ].join('\n');

const headsText = (lines: readonly string[]): string => [...lines].sort().join('\n');

/** A head in what is digested. */
const headLine = ({ stream, sequence, hash }: StreamHead): string => `${stream} ${sequence} ${hash}`;

const checkpointTag = 'remitflow.audit.checkpoint.v1';
