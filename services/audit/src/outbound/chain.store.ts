import { hash } from 'node:crypto';
import { decodeBody } from '@remitflow/messaging';
import type { Transaction } from '@remitflow/persistence';
import type { Checkpoint } from '../domain/checkpoint.ts';
import type { ReadEvent } from '../domain/quick-check.ts';
import type { FoundEvent, Problem, StreamEnd } from '../domain/stream-check.ts';
import { pageOf, pageSql, partsSql, type EventPart, type Place, type QuickPage } from './event-page.ts';
import { eventColumns, type EventRow, toEvent } from './event-row.ts';

type Misfit = { stream: string; sequence: number; isGone: boolean };

/** The chain as verification reads it, from one snapshot, a page at a time. */
export class ChainStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** Must come first: all later reads see the same moment, and no month is dropped meanwhile. */
  async freeze(): Promise<void> {
    await this.#tx.execute(`set transaction isolation level repeatable read, read only`);
    await this.#tx.execute(`lock table events in access share mode`);
  }

  /** Months of which there may be events. */
  async months(): Promise<string[]> {
    const rows = await this.#tx.query<{ month: string }>(
      `select to_date(right(inhrelid::regclass::text, 6), 'YYYYMM')::text as month from pg_inherits
        where inhparent = to_regclass('events') and inhrelid <> to_regclass('events_other')
       union select month::text from events_other order by month`,
    );
    return rows.map(({ month }) => month);
  }

  /** Events of a month behind a place, in the order of their streams: as many as asked for, or as many bytes of bodies. */
  async eventsAfter(month: string, place: Place, limit: number): Promise<QuickPage> {
    return pageOf(
      place,
      await this.#tx.query<EventPart>(partsSql, [month, place.stream, place.sequence, limit]),
    );
  }

  /** The same for what cannot be put together. */
  async rowsAfter(month: string, place: Place, limit: number): Promise<ReadEvent[]> {
    const rows = await this.#tx.query<EventRow>(
      `select ${eventColumns} ${pageSql} order by events.stream, events.sequence`,
      [month, place.stream, place.sequence, limit],
    );
    return rows.map((row) => ({ event: toEvent(row), body: row.body }));
  }

  /** The events of one stream behind a number. */
  async eventsOf(month: string, { stream, sequence }: Place, limit: number): Promise<FoundEvent[]> {
    const rows = await this.#tx.query<EventRow>(
      `select ${eventColumns} from events where month = $1 and stream = $2 and sequence > $3 order by sequence limit $4`,
      [month, stream, sequence, limit],
    );
    return rows.map((row) => ({ event: toEvent(row), bodyHolds: bodyHolds({ event: row, body: row.body }) }));
  }

  async monthsOfHeads(): Promise<string[]> {
    const rows = await this.#tx.query<{ month: string }>(
      `with recursive months as (
         select min(month) as month from stream_heads
         union all
         select (select min(month) from stream_heads where month > months.month) from months where month is not null)
       select month::text from months where month is not null`,
    );
    return rows.map(({ month }) => month);
  }

  /** The last of up to `limit` streams after one, and those whose head is not the event that it names, nor forgotten. */
  async headsAfter(
    { month, stream }: { month: string; stream: string },
    limit: number,
  ): Promise<{ last: string | null; events: number; problems: Problem[] }> {
    const [page] = await this.#tx.query<{ last: string | null; events: number; misfits: Misfit[] | null }>(
      `with page as materialized (
         select stream, last_sequence as sequence, last_hash as hash from stream_heads
          where month = $1 and stream > $2 order by stream limit $3),
       misfits as (
         select page.stream, page.sequence, page.hash, events.stream is null as is_gone
           from page left join events on events.month = $1 and events.stream = page.stream and events.sequence = page.sequence
          where page.sequence > 0 and events.hash is distinct from page.hash)
       select (select max(stream) from page) as last, (select coalesce(sum(sequence), 0)::float8 from page) as events,
              (select json_agg(json_build_object('stream', stream, 'sequence', sequence, 'isGone', is_gone))
                 from misfits where not (is_gone and ${isForgotten('misfits')})) as misfits`,
      [month, stream, limit],
    );
    const { last, events, misfits } = page!;
    return { last, events, problems: (misfits ?? []).map(misfitOf) };
  }

  /** Events that stand behind the end of their stream, or in a stream that has none. */
  async beyondEnds(limit: number): Promise<Problem[]> {
    const rows = await this.#tx.query<{ stream: string; sequence: number }>(
      `select events.stream, events.sequence::float8 as sequence
         from events left join stream_heads heads on heads.stream = events.stream
        where heads.stream is null or events.sequence > heads.last_sequence limit $1`,
      [limit],
    );
    return rows.map((row) => ({ ...row, kind: 'inserted', message: beyondEnd }));
  }

  /** The heads of these checkpoints, the first and the last included, that are neither the events that they name nor forgotten. */
  async checkpointMisfits(first: number, last: number): Promise<Problem[]> {
    const rows = await this.#tx.query<Misfit>(
      `with misfits as (
         select heads.stream, heads.sequence, heads.hash, events.stream is null as is_gone
           from checkpoint_heads heads left join lateral (
                  select stream, hash from events
                   where month = heads.month and stream = heads.stream and sequence = heads.sequence
                  offset 0) events on true -- kept apart: each head looks into the one month that it names
          where heads.number between $1 and $2 and events.hash is distinct from heads.hash)
       select stream, sequence::float8 as sequence, is_gone as "isGone"
         from misfits where not (is_gone and ${isForgotten('misfits')})`,
      [first, last],
    );
    return rows.map(misfitOf);
  }

  /** Checkpoints with their heads, each `<stream> <sequence> <hash>`; a head that forgets what its checkpoint does not is none. */
  async checkpointsAfter(
    number: number,
    limit: number,
  ): Promise<{ checkpoint: Checkpoint; heads: string[] }[]> {
    const rows = await this.#tx.query<Checkpoint & { heads: string }>(
      `select number::float8, encode(previous_hash, 'hex') as "previousHash", streams,
              encode(heads_digest, 'hex') as "headsDigest", encode(hash, 'hex') as hash,
              to_char(taken_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "takenAt", forgets::text as forgets,
              (select coalesce(string_agg(stream || ' ' || sequence || ' ' || encode(heads.hash, 'hex'), e'\\n'), '')
                 from checkpoint_heads heads
                where heads.number = checkpoints.number and heads.forgets is not distinct from checkpoints.forgets) as heads
         from checkpoints where number > $1 order by checkpoints.number limit $2`,
      [number, limit],
    );
    return rows.map(({ heads, ...checkpoint }) => ({
      checkpoint,
      heads: heads === '' ? [] : heads.split('\n'),
    }));
  }

  /** How far a stream was forgotten. */
  async anchorOf(stream: string): Promise<StreamEnd | undefined> {
    const [anchor] = await this.#tx.query<StreamEnd>(
      `select sequence::float8, encode(hash, 'hex') as hash from checkpoint_heads anchor
        where stream = $1 and forgets is not null and ${isDropped('anchor')} order by sequence desc limit 1`,
      [stream],
    );
    return anchor;
  }

  /** What retention has forgotten, as the checkpoints say that forget. */
  async forgotten(): Promise<{ months: string[]; streams: number; events: number }> {
    const [forgotten] = await this.#tx.query<{ months: string[]; streams: number; events: number }>(
      `with ends as (
         select stream, max(forgets) as month, max(sequence) as sequence from checkpoint_heads anchor
          where forgets is not null and ${isDropped('anchor')} group by stream)
       select (select coalesce(array_agg(distinct left(month::text, 7)), '{}') from ends) as months,
              count(*)::float8 as streams, coalesce(sum(sequence), 0)::float8 as events from ends`,
    );
    return forgotten!;
  }
}

/** A body is held to the digest of what is stored, in events of before to that of its text. */
export function bodyHolds({ event, body }: ReadEvent): boolean {
  if (event.storedDigest !== null) return hash('sha256', body, 'hex') === event.storedDigest;
  try {
    decodeBody(body, event.bodyDigest);
    return true;
  } catch {
    return false;
  }
}

/** Only when a later checkpoint says that the month was dropped does an anchor stand for its events. */
const isDropped = (anchor: string): string => `exists (
  select from checkpoints done
   where done.forgets = ${anchor}.forgets and done.streams = 0 and done.number > ${anchor}.number)`;

/** An anchor at that event or behind it says that it was there. */
const isForgotten = (row: string): string => `exists (
  select from checkpoint_heads anchor
   where anchor.stream = ${row}.stream and anchor.forgets is not null and ${isDropped('anchor')}
     and (anchor.sequence > ${row}.sequence or anchor.sequence = ${row}.sequence and anchor.hash = ${row}.hash))`;

const misfitOf = ({ stream, sequence, isGone }: Misfit): Problem =>
  isGone
    ? { stream, sequence, kind: 'truncated', message: `The stream once reached event ${sequence}.` }
    : { stream, sequence, kind: 'edited', message: 'The event is not the one that was written.' };

export const beyondEnd = 'The event stands behind the end of its stream.';
