import type { ServiceName } from '@remitflow/contracts';
import type { Database } from '@remitflow/persistence';

/** What goes through a service, as its own database knows it. Counters only ever grow: rates are differences of them. */
export type Flow = {
  /** Messages it has dealt with, about. */
  readonly heard: number;
  /** Messages it has said, about. */
  readonly said: number;
  /** What others have not committed yet of what it said, and for how long the oldest. */
  readonly awaiting: readonly {
    readonly hearer: ServiceName;
    readonly rows: number;
    readonly oldestAgeMs: number;
  }[];
  readonly retries: { readonly pending: number; readonly nextDueAt: string | null };
  readonly deadLetters: { readonly open: number };
};

/** One statement, over indexes and statistics: it may be asked every second. */
export async function flowOf(database: Database): Promise<Flow> {
  const [row] = await database.query<Flow>(
    `select
       (select coalesce(sum(n_tup_ins), 0)::float8 from pg_stat_user_tables
        where relname = 'inbox' or relname like 'inbox\\_%') as heard,
       (select coalesce(sum(n_tup_ins), 0)::float8 from pg_stat_user_tables where relname = 'outbox') as said,
       (select coalesce(jsonb_agg(jsonb_build_object('hearer', hearer, 'rows', rows, 'oldestAgeMs', age)), '[]')
        from (
          select hearer, count(*) as rows, round(extract(epoch from now() - min(published_at)) * 1000) as age
          from outbox, unnest(awaiting) as hearer
          where awaiting <> '{}' and published_at is not null group by hearer
        ) as owed) as awaiting,
       (select jsonb_build_object('pending', count(*), 'nextDueAt', min(due_at)) from retries) as retries,
       (select jsonb_build_object('open', count(*)) from dead_letters where state = 'open') as "deadLetters"`,
  );
  return row!;
}
