import type { Database } from '@remitflow/persistence';

export type Retention = {
  readonly inboxMonths: number;
  /** Rows that everybody has received are kept this long to answer questions. */
  readonly outboxDays: number;
};

export type Forgotten = { readonly inboxMonths: number; readonly outboxRows: number };

/** Makes room: months of the inbox that are over are dropped, settled outbox rows leave in slices. */
export async function forget(database: Database, { inboxMonths, outboxDays }: Retention): Promise<Forgotten> {
  const [kept] = await database.query<{ dropped: number }>(`select keep_inbox_months($1) as dropped`, [
    inboxMonths,
  ]);
  let outboxRows = 0;
  for (let removed = sliceMax; removed === sliceMax; outboxRows += removed)
    removed = await pruneSlice(database, outboxDays);
  return { inboxMonths: kept?.dropped ?? 0, outboxRows };
}

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
