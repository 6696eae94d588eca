import { decodeBody } from '@remitflow/messaging';
import type { Database, Transaction } from '@remitflow/persistence';
import type { ChainedEvent } from '../domain/event.ts';
import { eventColumns, type EventRow, toEvent } from './event-row.ts';

export type RecordedEvent = ChainedEvent & { readonly position: number; readonly body: object };

export type Summary = {
  readonly events: number;
  readonly streams: number;
  readonly byFact: Readonly<Record<string, number>>;
  readonly lastCheckpoint: {
    readonly number: number;
    readonly takenAt: string;
    readonly hash: string;
  } | null;
};

/** The events as they are read again. */
export class TrailStore {
  readonly #database: Pick<Database, 'query'> | Transaction;

  constructor(database: Pick<Database, 'query'> | Transaction) {
    this.#database = database;
  }

  async paymentsOf(requestId: string): Promise<string[]> {
    const rows = await this.#database.query<{ id: string }>(
      `select payment_id as id from request_payments where request_id = $1`,
      [requestId],
    );
    return rows.map((row) => row.id);
  }

  /** Events about the request, its payments, the submission it came in and the cycle it is paid in. */
  async about(requestId: string): Promise<RecordedEvent[]> {
    const rows = await this.#database.query<EventRow & { position: number }>(
      `with own as (
         select e.message_id, e.type, e.subject from event_subjects s join events e using (message_id)
          where s.subject_id = $1),
       wider (subject_id) as (
         select payment_id from request_payments where request_id = $1
         union
         select case when subject ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then subject::uuid end
           from own where type ~ '^(requests|payouts[.]scheduled)[.]'),
       found as (
         select message_id from own
         union
         select s.message_id from event_subjects s join wider using (subject_id))
       select ${eventColumns}, position::float8 from events where message_id in (select message_id from found)
        order by time, position`,
      [requestId],
    );
    return rows.map(recorded);
  }

  /** Up to `limit` events recorded after a position, in the order in which they were recorded. */
  async after(position: number, limit: number): Promise<RecordedEvent[]> {
    const rows = await this.#database.query<EventRow & { position: number }>(
      `select ${eventColumns}, position::float8 from events where position > $1 order by position limit $2`,
      [position, limit],
    );
    return rows.map(recorded);
  }

  /** As counted when written; it reads no event. */
  async summary(): Promise<Summary> {
    const counts = await this.#database.query<{ type: string; events: number; streams: number }>(
      `select type, sum(events)::float8 as events, sum(streams)::float8 as streams from fact_counts
        group by type order by type`,
    );
    const [last] = await this.#database.query<NonNullable<Summary['lastCheckpoint']>>(
      `select number::float8, taken_at as "takenAt", encode(hash, 'hex') as hash
         from checkpoints order by number desc limit 1`,
    );
    return {
      events: counts.reduce((sum, { events }) => sum + events, 0),
      streams: counts.reduce((sum, { streams }) => sum + streams, 0),
      byFact: Object.fromEntries(counts.map(({ type, events }) => [type, events])),
      lastCheckpoint: last ?? null,
    };
  }
}

/** A body that was tampered with is shown as empty; verification says what happened to it. */
function recorded(row: EventRow & { position: number }): RecordedEvent {
  return { ...toEvent(row), position: row.position, body: readable(row) };
}

function readable({ body, bodyDigest }: EventRow): object {
  try {
    return decodeBody(body, bodyDigest) as object;
  } catch {
    return {};
  }
}
