import type { RetryTable, Scheduled } from '../../src/ports/store.ts';
import type { RetryEntry } from './tables.ts';
import type { Ground, SimulatedUnit } from './unit.ts';

/** The scheduled retries, as one transaction works on them. */
export function retryTable(unit: SimulatedUnit, { tables, locks, nowMs }: Ground): RetryTable {
  const own = new Map<string, RetryEntry | undefined>();
  const known = (id: string): RetryEntry | undefined => (own.has(id) ? own.get(id) : tables.retries.get(id));

  const put = (entry: RetryEntry): void => {
    const { id } = entry.envelope;
    own.set(id, entry);
    unit.write(() => tables.retries.set(id, entry));
  };

  const schedule = async (message: Scheduled, delayMs: number): Promise<void> => {
    await unit.lock(`retry ${message.envelope.id}`);
    put({ ...message, dueAtMs: nowMs() + delayMs, leases: 0 });
  };

  const scheduleOnce = async (message: Scheduled, delayMs: number): Promise<void> => {
    await unit.lock(`retry ${message.envelope.id}`);
    if (!known(message.envelope.id)) await schedule(message, delayMs);
  };

  /** What somebody else has locked is passed by. */
  const nextDue = (): RetryEntry | undefined => {
    let due: RetryEntry | undefined;
    for (const [id, retry] of tables.retries) {
      if (retry.dueAtMs > nowMs() || !locks.isFree(`retry ${id}`)) continue;
      if (!due || retry.dueAtMs < due.dueAtMs) due = retry;
    }
    return due;
  };

  const lease = async (due: RetryEntry, leaseMs: number): Promise<RetryEntry> => {
    await unit.lock(`retry ${due.envelope.id}`);
    const leased = { ...due, dueAtMs: nowMs() + leaseMs, leases: due.leases + 1 };
    put(leased);
    return leased;
  };

  const remove = async (id: string): Promise<void> => {
    if (!known(id)) return;
    await unit.lock(`retry ${id}`);
    own.set(id, undefined);
    unit.write(() => tables.retries.delete(id));
  };

  return {
    schedule: (message, delayMs) => unit.statement(() => schedule(message, delayMs)),
    scheduleOnce: (message, delayMs) => unit.statement(() => scheduleOnce(message, delayMs)),
    leaseDue: (leaseMs) =>
      unit.statement(() => {
        const due = nextDue();
        return due && lease(due, leaseMs);
      }),
    remove: (messageId) => unit.statement(() => remove(messageId)),
  };
}
