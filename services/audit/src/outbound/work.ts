import type { Unit } from '@remitflow/messaging';
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
};

export const openWork = ({ tx }: Pick<Unit, 'tx'>): Work => ({
  events: new EventStore(tx),
  trail: new TrailStore(tx),
  chain: new ChainStore(tx),
  checkpoints: new CheckpointStore(tx),
});
