import type { Database } from '@remitflow/persistence';

export type Retention = {
  readonly inboxMonths: number;
  /** Rows that everybody has received are kept this long to answer questions. */
  readonly outboxDays: number;
};

export type Forgotten = { readonly inboxMonths: number; readonly outboxRows: number };

/** Makes room: months of the inbox that are over are dropped, settled outbox rows leave in slices. */
export async function forget(database: Database, { inboxMonths, outboxDays }: Retention): Promise<Forgotten> {
  const dropped = await database.transaction(async (tx) => {
    await tx.execute(`set local lock_timeout = '${lockWaitMs}ms'`);
    await tx.execute(`delete from inbox_other where handled_at < now() - make_interval(months => $1)`, [
      inboxMonths,
    ]);
    const kept = await tx.query<{ months: number }>(`select keep_inbox_months($1) as months`, [inboxMonths]);
    return kept[0]?.months ?? 0;
  });
  let outboxRows = 0;
  for (let removed = sliceMax; removed === sliceMax; outboxRows += removed)
    removed = await pruneSlice(database, outboxDays);
  return { inboxMonths: dropped, outboxRows };
}

/** Dropping a month locks the inbox: whoever cannot have the lock at once must not hold up the messages behind it. */
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
