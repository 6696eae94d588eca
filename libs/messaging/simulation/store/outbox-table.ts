import type { ServiceName } from '@remitflow/contracts';
import type { Envelope } from '../../src/core/envelope.ts';
import type { NewOutboxRow, OutboxRow, OutboxTable, OverdueQuery } from '../../src/ports/store.ts';
import type { OutboxEntry } from './tables.ts';
import type { Ground, SimulatedUnit } from './unit.ts';

/** The outbox, as one transaction works on it. */
export const outboxTable = (unit: SimulatedUnit, ground: Ground): OutboxTable => ({
  write: (rows) =>
    unit.statement(async () => {
      const said = new Set<string>();
      for (const row of rows) {
        if (row.target === null && said.has(row.messageId)) continue;
        said.add(row.messageId);
        await insert(unit, ground, row);
      }
    }),
  next: (limits) => unit.statement(() => next(ground, limits)),
  published: ({ seqs, putOff, putOffMs }) =>
    unit.statement(() => {
      const atMs = ground.nowMs();
      unit.write(() => {
        for (const entry of found(ground, seqs)) {
          entry.publishedAtMs = atMs;
        }
        for (const entry of found(ground, putOff)) entry.notBeforeMs = atMs + putOffMs;
      });
    }),
  receipted: (hearer, seqs) =>
    unit.statement(() => {
      const owed = found(ground, seqs).filter(({ awaiting }) => awaiting.has(hearer));
      unit.write(() => owed.forEach((entry) => receive(ground, entry, hearer)));
      return { rows: owed.length, healed: owed.filter(({ resends }) => resends > 0).length };
    }),
  debtors: (timeoutMs) => unit.statement(() => debtors(ground, timeoutMs)),
  overdue: (query) => unit.statement(() => overdue(ground, query)),
  resent: (seqs) =>
    unit.statement(() => {
      const atMs = ground.nowMs();
      unit.write(() => {
        for (const entry of found(ground, seqs)) {
          if (entry.awaiting.size === 0) continue;
          entry.resends += 1;
          entry.publishedAtMs = atMs;
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

/** A receipt for a row that was sent again may speak of its first copy: it says nothing of what came in between. */
function receive({ tables, nowMs }: Ground, entry: OutboxEntry, hearer: ServiceName): void {
  entry.awaiting.delete(hearer);
  tables.heardAtMs.set(hearer, nowMs());
  if (entry.awaiting.size === 0) entry.publishedAtMs ??= nowMs();
  if (entry.resends > 0 || entry.publishedAtMs === undefined) return;
  const until = Math.max(tables.receiptedUntilMs.get(hearer) ?? 0, entry.publishedAtMs);
  tables.receiptedUntilMs.set(hearer, until);
}

/** A hearer that is away for long is sent a message ever more rarely, but not without end. */
const doublingsMost = 6;

const debtors = ({ tables, nowMs }: Ground, timeoutMs: number): ServiceName[] => {
  const late = tables.awaiting.filter(({ publishedAtMs = Infinity }) => publishedAtMs < nowMs() - timeoutMs);
  return [...new Set(late.flatMap(({ awaiting }) => [...awaiting]))];
};

function overdue(ground: Ground, { timeoutMs, idle, rows }: OverdueQuery) {
  const { tables, nowMs, service } = ground;
  const owing = tables.awaiting.flatMap((entry) => {
    const patienceMs = timeoutMs * 2 ** Math.min(entry.resends, doublingsMost);
    const { publishedAtMs = Infinity } = entry;
    if (publishedAtMs >= nowMs() - patienceMs) return [];
    const isDeaf = (hearer: ServiceName): boolean =>
      Math.max(publishedAtMs, tables.heardAtMs.get(hearer) ?? 0) < nowMs() - 10 * patienceMs;
    const isOvertaken = (hearer: ServiceName): boolean =>
      (tables.receiptedUntilMs.get(hearer) ?? 0) > publishedAtMs;
    return [...entry.awaiting]
      .filter((hearer) => isDeaf(hearer) || idle.includes(hearer) || isOvertaken(hearer))
      .map((hearer) => ({ ...outboxRow(entry, service), hearer }));
  });
  return owing.slice(0, rows);
}

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
