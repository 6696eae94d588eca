import { createHash } from 'node:crypto';
import { encodeBody, type Unit } from '@remitflow/messaging';
import type { Sha256 } from '../domain/event.ts';
import { ChainStore } from './chain.store.ts';
import { CheckpointStore } from './checkpoint.store.ts';
import { EventStore } from './event.store.ts';
import { TrailStore } from './trail.store.ts';

/** What one piece of audit's work is done with; everything here shares one transaction. */
export type Work = {
  readonly events: EventStore;
  readonly trail: TrailStore;
  readonly chain: ChainStore;
  readonly checkpoints: CheckpointStore;
  readonly encodeBody: typeof encodeBody;
  readonly sha256: Sha256;
};

export const openWork = ({ tx }: Pick<Unit, 'tx'>): Work => ({
  events: new EventStore(tx),
  trail: new TrailStore(tx),
  chain: new ChainStore(tx),
  checkpoints: new CheckpointStore(tx),
  encodeBody,
  sha256,
});

export const sha256: Sha256 = (text) => createHash('sha256').update(text).digest('hex');
