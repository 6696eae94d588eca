import type { Unit } from '@remitflow/messaging';
import { EventStore } from './event.store.ts';

/** What one piece of audit's work is done with; everything here shares one transaction. */
export type Work = { readonly events: EventStore };

export const openWork = ({ tx }: Unit): Work => ({ events: new EventStore(tx) });
