import { decodeBody } from '@remitflow/messaging';
import type { Transaction } from '@remitflow/persistence';
import type { Checkpoint, StreamHead } from '../domain/checkpoint.ts';
import type { FoundEvent, Problem } from '../domain/stream-check.ts';
import { eventColumns, type EventRow, toEvent } from './event-row.ts';

type Misfit = { stream: string; sequence: number };

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
    const rows = await this.#tx.query<EventRow>(
      `select ${eventColumns} from events where (events.stream, events.sequence) > ($1, $2)
        order by events.stream, events.sequence limit $3`,
      [place.stream, place.sequence, limit],
    );
    return rows.map((row) => ({ event: toEvent(row), bodyHolds: bodyHolds(row) }));
  }

  /** What does not fit together between the streams and their heads, or the heads of checkpoints. */
  async misfits(limit: number): Promise<Problem[]> {
    const cut = await this.#tx.query<Misfit & { isGone: boolean }>(
      `with ends as (
         select stream, last_sequence as sequence, last_hash as hash from stream_heads where last_sequence > 0
         union
         select stream, sequence, hash from checkpoint_heads)
       select ends.stream, ends.sequence::float8 as sequence, events.stream is null as "isGone"
         from ends left join events using (stream, sequence)
        where events.hash is distinct from ends.hash limit $1`,
      [limit],
    );
    const beyond = await this.#tx.query<Misfit>(
      `select events.stream, events.sequence::float8 as sequence
         from events left join stream_heads heads on heads.stream = events.stream
        where heads.stream is null or events.sequence > heads.last_sequence limit $1`,
      [limit],
    );
    return [
      ...cut.map(({ stream, sequence, isGone }): Problem =>
        isGone
          ? { stream, sequence, kind: 'truncated', message: `The stream once reached event ${sequence}.` }
          : { stream, sequence, kind: 'edited', message: 'The event is not the one that was written.' },
      ),
      ...beyond.map(({ stream, sequence }): Problem => ({
        stream,
        sequence,
        kind: 'inserted',
        message: 'The event stands behind the end of its stream.',
      })),
    ];
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

function bodyHolds({ body, bodyDigest }: EventRow): boolean {
  try {
    decodeBody(body, bodyDigest);
    return true;
  } catch {
    return false;
  }
}
