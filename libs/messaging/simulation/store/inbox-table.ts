import type { Envelope } from '../../src/core/envelope.ts';
import type { Arrival, InboxOutcome, InboxTable } from '../../src/ports/store.ts';
import type { InboxEntry } from './tables.ts';
import type { Ground, SimulatedUnit } from './unit.ts';

/** The inbox, as one transaction works on it. */
export function inboxTable(unit: SimulatedUnit, { tables, nowMs }: Ground): InboxTable {
  const arrived = new Map<string, InboxEntry>();
  const known = (id: string): InboxEntry | undefined => arrived.get(id) ?? tables.inbox.get(id);

  const arrive = async (envelope: Envelope, outcome: InboxOutcome): Promise<Arrival> => {
    await unit.lock(`inbox ${envelope.id}`);
    const earlier = known(envelope.id);
    if (earlier) return earlier.envelope.digest === envelope.digest ? 'duplicate' : 'digest-conflict';
    const waiting = tables.retries.get(envelope.id);
    if (waiting && waiting.envelope.digest !== envelope.digest) return 'digest-conflict';
    const entry = { envelope, outcome, arrivedAtMs: nowMs() };
    arrived.set(envelope.id, entry);
    unit.write(() => tables.inbox.set(envelope.id, entry));
    return 'new';
  };

  return {
    arrive: (envelope, outcome) => unit.statement(() => arrive(envelope, outcome)),
    knows: (envelope) => unit.statement(() => known(envelope.id)?.envelope.digest === envelope.digest),
  };
}
