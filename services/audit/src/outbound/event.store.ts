import type { Transaction } from '@remitflow/persistence';
import { genesisHash, type ChainedEvent } from '../domain/event.ts';
import type { Subjects } from '../domain/subjects.ts';

export type StreamEnd = { readonly sequence: number; readonly hash: string };

/** The events as they are written: each at the end of its stream, which is locked until the transaction ends. */
export class EventStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** Locks the end of a stream, which is made when there is none. */
  async lockEnd(stream: string): Promise<StreamEnd> {
    const [head] = await this.#tx.query<StreamEnd>(
      `insert into stream_heads (stream, last_sequence, last_hash) values ($1, 0, decode($2, 'hex'))
       on conflict (stream) do update set last_sequence = stream_heads.last_sequence
       returning last_sequence::float8 as sequence, encode(last_hash, 'hex') as hash`,
      [stream, genesisHash],
    );
    return head!;
  }

  async append(event: ChainedEvent, body: Buffer): Promise<void> {
    await this.#tx.execute(
      `with appended as (
         insert into events (message_id, stream, sequence, type, source, subject, time, correlation_id, causation_id,
                             body_digest, body, previous_hash, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, decode($10, 'hex'), $11, decode($12, 'hex'), decode($13, 'hex'))
         returning stream, sequence, hash, type),
       counted as (
         insert into fact_counts (type, slot, events, streams)
         select type, pg_backend_pid() % $14, 1, (sequence = 1)::int from appended
         on conflict (type, slot) do update
            set events = fact_counts.events + 1, streams = fact_counts.streams + excluded.streams)
       update stream_heads set last_sequence = appended.sequence, last_hash = appended.hash
         from appended where stream_heads.stream = appended.stream`,
      [
        event.messageId,
        event.stream,
        event.sequence,
        event.type,
        event.source,
        event.subject,
        event.time,
        event.correlationId,
        event.causationId,
        event.bodyDigest,
        body,
        event.previousHash,
        event.hash,
        slots,
      ],
    );
  }

  async index(messageId: string, { ids, paidBy }: Subjects): Promise<void> {
    await this.#tx.execute(
      `with subjects as (
         insert into event_subjects (subject_id, message_id) select unnest($2::uuid[]), $1 on conflict do nothing)
       insert into request_payments (request_id, payment_id)
       select * from unnest($3::uuid[], $4::uuid[]) on conflict do nothing`,
      [messageId, ids, paidBy.map((link) => link.requestId), paidBy.map((link) => link.paymentId)],
    );
  }
}

/** Rows that count one type of fact. */
const slots = 8;
