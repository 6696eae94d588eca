import type { Transaction } from '@remitflow/persistence';
import { genesisHash, hashedParts } from '../domain/event.ts';
import type { NewEvent } from '../domain/new-event.ts';
import { placesAsStored } from './stored-places.ts';

/** The events as they are written: each at the end of its stream, which is locked until the transaction ends. */
export class EventStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /**
   * One statement: the server puts the previous hash and the number, which it alone knows under the lock, into the text
   * that is hashed. Subjects that are covered are written after all when the cause is not recorded yet.
   */
  async append(event: NewEvent): Promise<void> {
    const { beforeHash, beforeSequence, behind } = hashedParts(event);
    const { ids, places } = event.subjects;
    await this.#tx.execute(event.isCovered ? appendCovered : appendWithSubjects, [
      event.messageId,
      event.month,
      event.stream,
      event.type,
      event.source,
      event.subject,
      event.time,
      event.correlationId,
      event.causationId,
      Buffer.from(event.bodyDigest, 'hex'),
      Buffer.from(event.storedDigest ?? '', 'hex'),
      event.body,
      beforeHash,
      beforeSequence,
      behind,
      ids,
      [...places.keys()],
      [...places.values()].map((found) => `{${placesAsStored(found).join(',')}}`),
    ]);
  }
}

/** Rows that count one type of fact. */
const slots = 8;

const hashOf = (previous: string, sequence: string): string =>
  `sha256(convert_to($13 || ${previous} || $14 || ${sequence} || $15, 'UTF8'))`;

const appendSql = (isCovered: string): string => `
  with ended as (
    insert into stream_heads as heads (stream, month, last_sequence, previous_hash, last_hash)
    values ($3, $2::date, 1, decode('${genesisHash}', 'hex'), ${hashOf(`'${genesisHash}'`, `'1'`)})
    on conflict (stream) do update
       set last_sequence = heads.last_sequence + 1,
           previous_hash = heads.last_hash,
           last_hash = ${hashOf(`encode(heads.last_hash, 'hex')`, `(heads.last_sequence + 1)`)}
    returning last_sequence, previous_hash, last_hash),
  cause as (select ${isCovered} as is_enough),
  appended as (
    insert into events (message_id, month, stream, sequence, type, source, subject, time, correlation_id, causation_id,
                        body_digest, stored_digest, body, previous_hash, hash, found_by_cause)
    select $1::uuid, $2::date, $3, last_sequence, $4, $5, $6, $7, $8::uuid, $9::uuid, $10::bytea, $11::bytea, $12::bytea,
           previous_hash, last_hash, is_enough
      from ended, cause),
  placed as (
    insert into event_places (block, places, message_id, month)
    select block, places::smallint[], $1::uuid, $2::date
      from cause, unnest($17::uuid[], $18::text[]) as placed (block, places) where not is_enough),
  counted as (
    insert into fact_counts (type, slot, events, streams)
    select $4, pg_backend_pid() % ${slots}, 1, (last_sequence = 1)::int from ended
    on conflict (type, slot) do update
       set events = fact_counts.events + 1, streams = fact_counts.streams + excluded.streams)
  insert into event_subjects (subject_id, message_id, month)
  select unnest($16::uuid[]), $1::uuid, $2::date from cause where not is_enough`;

const appendWithSubjects = appendSql('false');
const appendCovered = appendSql(
  'exists (select from events where message_id = $9::uuid and month = $2::date)',
);
