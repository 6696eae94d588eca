import { hash } from 'node:crypto';
import type { Unit } from '@remitflow/messaging';
import type { Sha256 } from '../domain/event.ts';
import { bodyHolds, ChainStore } from './chain.store.ts';
import { CheckpointStore } from './checkpoint.store.ts';
import { EventStore } from './event.store.ts';
import { RetentionStore } from './retention.store.ts';
import { TrailStore } from './trail.store.ts';

/** What one piece of audit's work is done with; everything here shares one transaction. */
export type Work = {
  readonly events: EventStore;
  readonly trail: TrailStore;
  readonly chain: ChainStore;
  readonly checkpoints: CheckpointStore;
  readonly retention: RetentionStore;
  readonly sha256: Sha256;
  readonly bodyHolds: typeof bodyHolds;
};

export const openWork = ({ tx }: Pick<Unit, 'tx'>): Work => ({
  events: new EventStore(tx),
  trail: new TrailStore(tx),
  chain: new ChainStore(tx),
  checkpoints: new CheckpointStore(tx),
  retention: new RetentionStore(tx),
  sha256,
  bodyHolds,
});

export const sha256: Sha256 = (content) => hash('sha256', content, 'hex');
