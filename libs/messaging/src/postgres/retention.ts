import type { Database, Transaction } from '@remitflow/persistence';

/** A table of the service that is kept by month; its migrations name it in `monthly_tables`. */
export type MonthlyTable = {
  readonly table: string;
  /** What is older is dropped; null keeps it for ever. */
  readonly keptMonths: number | null;
  /** How long ago rows may lie that come in now. */
  readonly behindMonths: number;
};

export type Retention = {
  readonly inboxMonths: number;
  readonly monthlyTables?: readonly MonthlyTable[];
  /** Rows that everybody has received are kept this long to answer questions. */
  readonly outboxDays: number;
};

export type Forgotten = {
  readonly inboxMonths: number;
  readonly tableMonths: number;
  readonly outboxRows: number;
};

/** Makes room: months that are over are dropped, settled outbox rows leave in slices. */
export async function forget(database: Database, retention: Retention): Promise<Forgotten> {
  const { inboxMonths, monthlyTables = [], outboxDays } = retention;
  const inbox = { table: 'inbox', keptMonths: inboxMonths, behindMonths: inboxMonths };
  const dropped = await keepMonths(database, inbox, (tx) =>
    tx.execute(`delete from inbox_other where handled_at < now() - make_interval(months => $1)`, [
      inboxMonths,
    ]),
  );
  let tableMonths = 0;
  for (const table of monthlyTables) tableMonths += await keepMonths(database, table);
  let outboxRows = 0;
  for (let removed = sliceMax; removed === sliceMax; outboxRows += removed)
    removed = await pruneSlice(database, outboxDays);
  return { inboxMonths: dropped, tableMonths, outboxRows };
}

function keepMonths(
  database: Database,
  { table, keptMonths, behindMonths }: MonthlyTable,
  before: (tx: Transaction) => Promise<unknown> = () => Promise.resolve(),
): Promise<number> {
  return database.transaction(async (tx) => {
    await tx.execute(`set local lock_timeout = '${lockWaitMs}ms'`);
    await before(tx);
    const [kept] = await tx.query<{ dropped: number }>(`select keep_months($1, $2, $3) as dropped`, [
      table,
      keptMonths,
      behindMonths,
    ]);
    return kept?.dropped ?? 0;
  });
}

/** Dropping a month locks the table: whoever cannot have the lock at once must not hold up the messages behind it. */
const lockWaitMs = 2_000;

/** Few enough that nobody waits for it. */
const sliceMax = 5_000;

async function pruneSlice(database: Database, days: number): Promise<number> {
  const [row] = await database.query<{ removed: number }>(
    `with gone as (
       delete from outbox where seq in (
         select seq from outbox where settled_at < now() - make_interval(days => $1) order by settled_at limit $2
       )
       returning target
     ),
     counted as (
       update outbox_pruned set facts = facts + (select count(*) from gone where target is null)
     )
     select count(*)::int as removed from gone`,
    [days, sliceMax],
  );
  return row?.removed ?? 0;
}
