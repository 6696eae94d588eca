import { decodeBody } from '@remitflow/messaging';
import type { Transaction } from '@remitflow/persistence';
import type { Checkpoint, StreamHead } from '../domain/checkpoint.ts';
import type { FoundEvent, Problem } from '../domain/stream-check.ts';
import { eventColumns, type EventRow, toEvent } from './event-row.ts';

type Misfit = { stream: string; sequence: number; isGone: boolean };

/** The chain as verification reads it, from one snapshot, a page at a time. */
export class ChainStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** Must come first: all later reads see the same moment. */
  async freeze(): Promise<void> {
    await this.#tx.execute(`set transaction isolation level repeatable read, read only`);
  }

  async eventsAfter(place: { stream: string; sequence: number }, limit: number): Promise<FoundEvent[]> {
    const rows = await this.#tx.query<EventRow & { isBeyondEnd: boolean }>(
      `select ${eventColumns}, heads.stream is null or events.sequence > heads.last_sequence as "isBeyondEnd"
         from events left join stream_heads heads on heads.stream = events.stream
        where (events.stream, events.sequence) > ($1, $2)
        order by events.stream, events.sequence limit $3`,
      [place.stream, place.sequence, limit],
    );
    return rows.map(({ isBeyondEnd, ...row }) => ({
      event: toEvent(row),
      bodyHolds: bodyHolds(row),
      isBeyondEnd,
    }));
  }

  /** Up to `limit` streams after one, in their order, and those whose head is not the event that it names. */
  async headsAfter(stream: string, limit: number): Promise<{ streams: string[]; problems: Problem[] }> {
    const rows = await this.#tx.query<Misfit & { fits: boolean }>(
      `with page as materialized (
         select stream, last_sequence as sequence, last_hash as hash from stream_heads
          where stream > $1 order by stream limit $2)
       select page.stream, page.sequence::float8 as sequence, events.stream is null as "isGone",
              page.sequence = 0 or events.hash is not distinct from page.hash as fits
         from page left join events using (stream, sequence) order by page.stream`,
      [stream, limit],
    );
    return {
      streams: rows.map((row) => row.stream),
      problems: rows.filter(({ fits }) => !fits).map(misfitOf),
    };
  }

  /** The heads of these checkpoints, the first and the last included, that are not the events that they name. */
  async checkpointMisfits(first: number, last: number): Promise<Problem[]> {
    const rows = await this.#tx.query<Misfit>(
      `select heads.stream, heads.sequence::float8 as sequence, events.stream is null as "isGone"
         from checkpoint_heads heads left join events using (stream, sequence)
        where heads.number between $1 and $2 and events.hash is distinct from heads.hash`,
      [first, last],
    );
    return rows.map(misfitOf);
  }

  async checkpointsAfter(
    number: number,
    limit: number,
  ): Promise<{ checkpoint: Checkpoint; heads: StreamHead[] }[]> {
    const rows = await this.#tx.query<Checkpoint & { heads: StreamHead[] | null }>(
      `select number::float8, encode(previous_hash, 'hex') as "previousHash", streams,
              encode(heads_digest, 'hex') as "headsDigest", encode(hash, 'hex') as hash,
              to_char(taken_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "takenAt",
              (select json_agg(json_build_object('stream', stream, 'sequence', sequence, 'hash', encode(heads.hash, 'hex')))
                 from checkpoint_heads heads where heads.number = checkpoints.number) as heads
         from checkpoints where number > $1 order by number limit $2`,
      [number, limit],
    );
    return rows.map(({ heads, ...checkpoint }) => ({ checkpoint, heads: heads ?? [] }));
  }
}

const misfitOf = ({ stream, sequence, isGone }: Misfit): Problem =>
  isGone
    ? { stream, sequence, kind: 'truncated', message: `The stream once reached event ${sequence}.` }
    : { stream, sequence, kind: 'edited', message: 'The event is not the one that was written.' };

function bodyHolds({ body, bodyDigest }: EventRow): boolean {
  try {
    decodeBody(body, bodyDigest);
    return true;
  } catch {
    return false;
  }
}
