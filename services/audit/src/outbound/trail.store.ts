import { isUuid } from '@remitflow/kernel';
import { decodeBody } from '@remitflow/messaging';
import type { Database, Transaction } from '@remitflow/persistence';
import type { ChainedEvent } from '../domain/event.ts';
import { subjectsWith } from '../domain/places.ts';
import { eventColumns, type EventRow, toEvent } from './event-row.ts';
import { placesAsStored } from './stored-places.ts';

export type RecordedEvent = ChainedEvent & { readonly position: number; readonly body: object };

/** Its body is read when it is asked for: many would fill the memory. */
export type UnreadEvent = ChainedEvent & { readonly position: number; read(): object };

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

  /** Events found by one of the ids, other text is nobody's, and those that are found by these as their causes. */
  async about(ids: readonly string[]): Promise<RecordedEvent[]> {
    const { places } = subjectsWith(ids);
    const asked = [...places].flatMap(([block, found]) =>
      [...placesAsStored(found)].map((place) => ({ block, place })),
    );
    const rows = await this.#database.query<EventRow & { position: number }>(
      `with recursive found as (
         (select message_id, month from event_subjects where subject_id = any($1::uuid[])
          union
          select message_id, month from event_places
           where block = any($2::uuid[])
             and exists (select from unnest($2::uuid[], $3::smallint[]) as asked (block, place)
                          where asked.block = event_places.block and asked.place = any(event_places.places)))
         union
         select events.message_id, events.month from found
           join events on events.causation_id = found.message_id and events.month = found.month
          where events.found_by_cause)
       select ${eventColumns}, position::float8 from found join events using (message_id, month)`,
      [ids.filter(isUuid), asked.map(({ block }) => block), asked.map(({ place }) => place)],
    );
    return rows.map(recorded);
  }

  /** The last month that retention has dropped: of what was said until then nothing is shown any more. */
  async forgottenUntil(): Promise<string | null> {
    const [last] = await this.#database.query<{ month: string | null }>(
      `select max(forgets)::text as month from checkpoints where forgets is not null and streams = 0`,
    );
    return last?.month?.slice(0, 7) ?? null;
  }

  /** Up to `limit` events recorded after a position, in the order in which they were recorded. */
  async after(position: number, limit: number): Promise<UnreadEvent[]> {
    const rows = await this.#database.query<EventRow & { position: number }>(
      `select ${eventColumns}, position::float8 from events where position > $1 order by events.position limit $2`,
      [position, limit],
    );
    return rows.map((row) => ({ ...toEvent(row), position: row.position, read: () => readable(row) }));
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
