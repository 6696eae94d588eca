import type { Database } from '@remitflow/persistence';

export type Backlog = {
  /** Said and not yet published; a speaker that is far ahead of the broker waits on this. */
  readonly rows: number;
  readonly oldestAgeMs: number;
};

export async function outboxBacklog(database: Database): Promise<Backlog> {
  const [row] = await database.query<{ rows: number; oldest: number }>(
    `select count(*)::int as rows,
            coalesce(extract(epoch from now() - min(created_at)) * 1000, 0)::float8 as oldest
     from outbox where published_at is null`,
  );
  return { rows: row?.rows ?? 0, oldestAgeMs: row?.oldest ?? 0 };
}

/** Published, and somebody has not receipted it yet. */
export async function receiptsAwaited(database: Database): Promise<number> {
  const [row] = await database.query<{ rows: number }>(
    `select count(*)::int as rows from outbox where awaiting <> '{}' and published_at is not null`,
  );
  return row?.rows ?? 0;
}

/** How many facts the service has ever said to everybody; the audit trail must know as many. */
export async function factsSaid(database: Database): Promise<number> {
  const [row] = await database.query<{ said: number }>(
    `select (select count(*) from outbox where target is null)::float8 + facts as said from outbox_pruned`,
  );
  return row?.said ?? 0;
}
