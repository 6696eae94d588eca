import type { ServiceName } from '@remitflow/contracts';
import type { Envelope } from '../../src/core/envelope.ts';
import type { NewOutboxRow, OutboxRow, OutboxTable, OverdueQuery } from '../../src/ports/store.ts';
import { isUnpublished, type OutboxEntry } from './tables.ts';
import type { Ground, SimulatedUnit } from './unit.ts';

/** The outbox, as one transaction works on it. */
export const outboxTable = (unit: SimulatedUnit, ground: () => Ground): OutboxTable => ({
  write: (rows) =>
    unit.statement(async () => {
      for (const row of rows) await insert(unit, ground(), row);
    }),
  next: (limits) => unit.statement(() => next(ground(), limits)),
  published: ({ seqs, putOff, putOffMs }) =>
    unit.statement(() => {
      const atMs = ground().nowMs();
      unit.write(() => {
        for (const entry of found(ground(), seqs)) {
          entry.publishedAtMs ??= atMs;
          entry.publishedLastMs = atMs;
        }
        for (const entry of found(ground(), putOff)) entry.notBeforeMs = atMs + putOffMs;
      });
    }),
  receipted: (hearer, seqs) =>
    unit.statement(() => {
      const owed = found(ground(), seqs).filter(({ awaiting }) => awaiting.has(hearer));
      unit.write(() => owed.forEach((entry) => receive(ground(), entry, hearer)));
      return { rows: owed.length, healed: owed.filter(({ resends }) => resends > 0).length };
    }),
  debtors: (timeoutMs) =>
    unit.statement(() => [...new Set(late(ground(), timeoutMs).flatMap(({ awaiting }) => [...awaiting]))]),
  overdue: (query) => unit.statement(() => overdue(ground(), query)),
  resent: (seqs) =>
    unit.statement(() => {
      const atMs = ground().nowMs();
      unit.write(() => {
        for (const entry of found(ground(), seqs)) {
          entry.resends += 1;
          entry.publishedLastMs = atMs;
        }
      });
    }),
});

async function insert(unit: SimulatedUnit, ground: Ground, row: NewOutboxRow): Promise<void> {
  const { tables, nowMs, instant } = ground;
  if (row.target === null) {
    await unit.lock(`said ${row.messageId}`);
    if (tables.saidIds.has(row.messageId)) return;
    unit.write(() => tables.saidIds.add(row.messageId));
  }
  const entry: OutboxEntry = {
    seq: tables.nextSeq(),
    row,
    saidAt: row.saidAt ?? instant(nowMs()),
    awaiting: new Set(row.hearers),
    notBeforeMs: 0,
    publishedAtMs: undefined,
    publishedLastMs: 0,
    resends: 0,
  };
  unit.write(() => tables.outbox.set(entry.seq, entry));
}

function next({ service, tables, nowMs }: Ground, limits: { rows: number; bytes: number }): OutboxRow[] {
  const rows: OutboxRow[] = [];
  let bytes = 0;
  const due = tables.unpublished.filter(({ notBeforeMs }) => notBeforeMs <= nowMs());
  for (const entry of due.sort((one, other) => one.seq - other.seq)) {
    if (rows.length === limits.rows || bytes >= limits.bytes) break;
    bytes += entry.row.body.bytes.length;
    rows.push(outboxRow(entry, service));
  }
  return rows;
}

function receive({ tables }: Ground, entry: OutboxEntry, hearer: ServiceName): void {
  entry.awaiting.delete(hearer);
  const until = Math.max(tables.receiptedUntilMs.get(hearer) ?? 0, entry.publishedAtMs ?? 0);
  tables.receiptedUntilMs.set(hearer, until);
}

const late = ({ tables, nowMs }: Ground, timeoutMs: number): OutboxEntry[] =>
  tables.awaiting.filter(
    (entry) => !isUnpublished(entry) && nowMs() - entry.publishedLastMs > timeoutMs * 2 ** entry.resends,
  );

function overdue(ground: Ground, { timeoutMs, idle, rows }: OverdueQuery) {
  const owing = late(ground, timeoutMs).flatMap((entry) =>
    [...entry.awaiting]
      .filter((hearer) => isLost(ground, { entry, hearer, timeoutMs }) || idle.includes(hearer))
      .map((hearer) => ({ ...outboxRow(entry, ground.service), hearer })),
  );
  return owing.slice(0, rows);
}

type Owed = { entry: OutboxEntry; hearer: ServiceName; timeoutMs: number };

const isLost = ({ tables, nowMs }: Ground, { entry, hearer, timeoutMs }: Owed): boolean =>
  (tables.receiptedUntilMs.get(hearer) ?? 0) > entry.publishedLastMs ||
  nowMs() - entry.publishedLastMs > 10 * timeoutMs;

const found = ({ tables }: Ground, seqs: readonly string[]): OutboxEntry[] =>
  seqs.flatMap((seq) => tables.outbox.get(Number(seq)) ?? []);

function outboxRow({ seq, row, saidAt }: OutboxEntry, source: ServiceName): OutboxRow {
  const envelope: Envelope = {
    id: row.messageId,
    type: row.factName,
    source,
    subject: row.subject,
    time: saidAt,
    correlationId: row.correlationId,
    ...(row.causationId ? { causationId: row.causationId } : {}),
    ...(row.traceParent ? { traceParent: row.traceParent } : {}),
    outboxSeq: String(seq),
    digest: row.body.digest,
  };
  return { seq: String(seq), target: row.target, message: { envelope, body: row.body.bytes } };
}
