import type { StoreTrouble } from '../../src/ports/store.ts';

/** The database is away, or the connection to it was cut: nobody knows what became of a commit. */
export class StoreOutage extends Error {}

/** A deadlock, a serialization failure, a lock that was not to be had in time. */
export class StoreContention extends Error {}

export function troubleOf(error: unknown): StoreTrouble {
  if (error instanceof StoreOutage) return 'outage';
  return error instanceof StoreContention ? 'contention' : 'none';
}
