import type { Transaction } from '@remitflow/persistence';
import type { StreamHead } from '../domain/checkpoint.ts';

/** The months of the events: made, and dropped once the ends of their streams are anchored. */
export class RetentionStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** Makes the months around now, and those of events that came late. */
  async keepMonths(): Promise<void> {
    await this.#tx.execute(`select keep_event_months()`);
  }

  /** Months that stand and are older than one, the oldest first. */
  async monthsBefore(month: string): Promise<string[]> {
    const rows = await this.#tx.query<{ month: string }>(
      `with months as materialized ( -- else names of other tables may be read as months
         select to_date(right(relname, 6), 'YYYYMM') as month
           from pg_inherits join pg_class on pg_class.oid = inhrelid
          where inhparent = to_regclass('events') and inhrelid <> to_regclass('events_other'))
       select month::text from months where month < $1::date order by months.month`,
      [month],
    );
    return rows.map((row) => row.month);
  }

  /** Where up to `limit` streams of the month behind one end, as their events have it. */
  async endsAfter(
    { month, stream }: { month: string; stream: string },
    limit: number,
  ): Promise<StreamHead[]> {
    return this.#tx.query<StreamHead>(
      `with ends as (
         select stream, max(sequence) as sequence from events
          where month = $1 and stream > $2 group by stream order by stream limit $3)
       select stream, month::text as month, sequence::float8, encode(hash, 'hex') as hash
         from ends join events using (stream, sequence) where month = $1 order by stream`,
      [month, stream, limit],
    );
  }

  /** Drops the events of a month; refused while one of its streams has no anchor at its end. */
  async forget(month: string): Promise<void> {
    await this.#tx.execute(`select forget_event_month($1)`, [month]);
  }
}
