import type { Transaction } from '@remitflow/persistence';
import type { Pace } from './canary.ts';
import { instant } from './instant.ts';
import {
  filterParameters,
  letterColumns,
  letterMatches,
  type LetterFilter,
  type StoredLetter,
} from './letters.store.ts';
import type { Sent } from './outcomes.store.ts';

export type RunState = 'running' | 'paused' | 'stopped' | 'finished';

/** Which dead letters a run was started with: a list of ids, or all open ones of a filter. */
export type Selection =
  { readonly ids: readonly string[] } | { readonly filter: Omit<LetterFilter, 'state'> };

export type Counts = {
  readonly letters: number;
  /** Not sent yet. */
  readonly left: number;
  readonly underWay: number;
  readonly handled: number;
  readonly failed: number;
  /** Given back when the run stopped. */
  readonly released: number;
};

export type Run = Pace & {
  readonly runId: string;
  readonly state: RunState;
  readonly by: string;
  readonly reason: string;
  /** Why it does not go on; of the last time when it does again. */
  readonly haltedBecause: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly counts: Counts;
};

export type StoredRun = Run & { readonly sentBefore: number; readonly failedBefore: number };

/** A run that keeps others from some dead letters. */
export type RunHold = Pick<Run, 'runId' | 'state' | 'by' | 'startedAt'> & {
  /** Of the dead letters asked about. */
  readonly letters: number;
};

export type NewRun = Pace & Pick<Run, 'runId' | 'by' | 'reason'> & { readonly selection: Selection };

export type ItemState = 'waiting' | 'sent' | 'handled' | 'failed' | 'released';

export type RunItem = { readonly place: number };

const columns = `run_id as "runId", state, by, reason, per_second as "perSecond", canary,
  failure_limit as "failureLimit", halted_because as "haltedBecause", sent_before as "sentBefore",
  failed_before as "failedBefore", started_at as "startedAt", ended_at as "endedAt",
  (select jsonb_build_object(
     'letters', count(*), 'left', count(*) filter (where item.state = 'waiting'),
     'underWay', count(*) filter (where item.state = 'sent'),
     'handled', count(*) filter (where item.state = 'handled'),
     'failed', count(*) filter (where item.state = 'failed'),
     'released', count(*) filter (where item.state = 'released'))
   from redrive_items as item where item.run_id = redrive_runs.run_id) as counts`;

/** Redrives of many dead letters, and what became of each. */
export class RunStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** One starts at a time, so that two can never take the same letters. */
  async startAlone(): Promise<void> {
    await this.#tx.query(`select pg_advisory_xact_lock(hashtextextended('remitflow.redrive-start', 0))`);
  }

  async add(run: NewRun): Promise<void> {
    await this.#tx.execute(
      `insert into redrive_runs (run_id, state, by, reason, selection, per_second, canary, failure_limit)
       values ($1, 'running', $2, $3, $4, $5, $6, $7)`,
      [
        run.runId,
        run.by,
        run.reason,
        JSON.stringify(run.selection),
        run.perSecond,
        run.canary,
        run.failureLimit,
      ],
    );
  }

  /** Takes every open letter that is meant, the longest parked first, and freezes the list; gives how many. */
  async take(runId: string, selection: Selection): Promise<number> {
    const ids = 'ids' in selection ? selection.ids : null;
    const filter = 'filter' in selection ? selection.filter : {};
    return this.#tx.execute(
      `with chosen as (
         select dead_letter_id, parked_at from dead_letters
         where ${letterMatches} and ($5::uuid[] is null or dead_letter_id = any($5))
         for update
       ), taken as (
         update dead_letters set state = 'redriving' from chosen
         where dead_letters.dead_letter_id = chosen.dead_letter_id and dead_letters.state = 'open'
         returning chosen.dead_letter_id, chosen.parked_at
       )
       insert into redrive_items (run_id, place, dead_letter_id, state)
       select $6, row_number() over (order by parked_at, dead_letter_id), dead_letter_id, 'waiting' from taken`,
      [...filterParameters({ ...filter, state: 'open' }), ids, runId],
    );
  }

  /** The runs that hold letters which are meant. */
  async holders(selection: Selection): Promise<RunHold[]> {
    if ('ids' in selection) return this.holdersOf(selection.ids);
    return this.#holders(
      `item.dead_letter_id in (select dead_letter_id from dead_letters where ${letterMatches})`,
      filterParameters({ ...selection.filter, state: 'redriving' }),
    );
  }

  holdersOf(deadLetterIds: readonly string[]): Promise<RunHold[]> {
    return this.#holders(`item.dead_letter_id = any($1)`, [deadLetterIds]);
  }

  #holders(condition: string, parameters: readonly unknown[]): Promise<RunHold[]> {
    return this.#tx.query<RunHold>(
      `select run.run_id as "runId", run.state, run.by, run.started_at as "startedAt", count(*)::int as letters
       from redrive_items as item join redrive_runs as run using (run_id)
       where item.state = 'waiting' and ${condition} group by run.run_id order by run.started_at`,
      parameters,
    );
  }

  list(limit: number): Promise<Run[]> {
    return this.#tx.query<Run>(`select ${columns} from redrive_runs order by started_at desc limit $1`, [
      limit,
    ]);
  }

  async find(runId: string): Promise<StoredRun | undefined> {
    const found = `select ${columns} from redrive_runs where run_id = $1`;
    return (await this.#tx.query<StoredRun>(found, [runId]))[0];
  }

  /** Nobody else changes or advances it until this transaction is over. */
  async lock(runId: string): Promise<StoredRun | undefined> {
    await this.#tx.query(`select 1 from redrive_runs where run_id = $1 for update`, [runId]);
    return this.find(runId);
  }

  /** Runs with something to send, or to find out. */
  async busy(): Promise<string[]> {
    const rows = await this.#tx.query<{ id: string }>(
      `select run_id as id from redrive_runs where state = 'running'
       union
       select run_id from redrive_items where state = 'sent'`,
    );
    return rows.map(({ id }) => id);
  }

  /** What it has sent and knows no outcome of. */
  underWay(runId: string): Promise<(Sent & RunItem)[]> {
    return this.#tx.query<Sent & RunItem>(
      `select item.place, letter.envelope->>'id' as "messageId", letter.envelope->>'digest' as digest,
         item.dead_letter_id as "deadLetterId", ${instant('item.sent_at')} as since
       from redrive_items as item join dead_letters as letter using (dead_letter_id)
       where item.run_id = $1 and item.state = 'sent' order by item.place`,
      [runId],
    );
  }

  /** The next letters that it has taken and not sent. */
  next(runId: string, limit: number): Promise<(StoredLetter & RunItem)[]> {
    return this.#tx.query<StoredLetter & RunItem>(
      `select item.place, letter.* from redrive_items as item
       join lateral (
         select ${letterColumns}, envelope, body from dead_letters where dead_letter_id = item.dead_letter_id for update
       ) as letter on true
       where item.run_id = $1 and item.state = 'waiting' order by item.place limit $2`,
      [runId, limit],
    );
  }

  async settle(
    runId: string,
    items: readonly (RunItem & { readonly state: ItemState; readonly code?: string })[],
  ): Promise<void> {
    await this.#tx.execute(
      `update redrive_items as item
       set state = settled.state, code = settled.code,
         sent_at = case when settled.state = 'sent' then now() else item.sent_at end
       from unnest($2::int[], $3::text[], $4::text[]) as settled (place, state, code)
       where item.run_id = $1 and item.place = settled.place`,
      [
        runId,
        items.map(({ place }) => place),
        items.map(({ state }) => state),
        items.map(({ code }) => code ?? null),
      ],
    );
  }

  /** The causes of what failed, the most frequent first. */
  failures(runId: string): Promise<{ code: string; letters: number; sample: string }[]> {
    return this.#tx.query(
      `select coalesce(code, 'unknown') as code, count(*)::int as letters,
         (array_agg(dead_letter_id order by place))[1] as sample
       from redrive_items where run_id = $1 and state = 'failed' group by 1 order by 2 desc, 1`,
      [runId],
    );
  }

  async halt(runId: string, state: 'paused' | 'stopped', because: string): Promise<void> {
    await this.#tx.execute(
      `update redrive_runs set state = $2, halted_because = $3,
         ended_at = case when $2 = 'stopped' then now() end where run_id = $1`,
      [runId, state, because],
    );
  }

  /** Opens what it has not sent. */
  async release(runId: string): Promise<void> {
    await this.#tx.execute(
      `with released as (
         update redrive_items set state = 'released' where run_id = $1 and state = 'waiting' returning dead_letter_id
       )
       update dead_letters set state = 'open' from released
       where dead_letters.dead_letter_id = released.dead_letter_id and dead_letters.state = 'redriving'`,
      [runId],
    );
  }

  /** Takes back what it has released, as far as it is still open. */
  async retake(runId: string): Promise<void> {
    await this.#tx.execute(
      `with taken as (
         update dead_letters set state = 'redriving' from redrive_items as item
         where item.run_id = $1 and item.state = 'released'
           and dead_letters.dead_letter_id = item.dead_letter_id and dead_letters.state = 'open'
         returning item.place
       )
       update redrive_items set state = 'waiting' from taken
       where redrive_items.run_id = $1 and redrive_items.place = taken.place`,
      [runId],
    );
  }

  /** Goes on, with the canary from the start. */
  async resume(runId: string): Promise<void> {
    await this.#tx.execute(
      `update redrive_runs set state = 'running', ended_at = null,
         sent_before = (select count(*) from redrive_items
           where run_id = $1 and state in ('sent', 'handled', 'failed')),
         failed_before = (select count(*) from redrive_items where run_id = $1 and state = 'failed')
       where run_id = $1`,
      [runId],
    );
  }

  async finish(runId: string): Promise<void> {
    await this.#tx.execute(`update redrive_runs set state = 'finished', ended_at = now() where run_id = $1`, [
      runId,
    ]);
  }
}
