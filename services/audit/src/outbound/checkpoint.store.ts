import type { Transaction } from '@remitflow/persistence';
import { genesisHash } from '../domain/event.ts';
import type { Checkpoint, StreamHead } from '../domain/checkpoint.ts';

export class CheckpointStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** The last checkpoint, locked against another process that would write the next one too. */
  async lockLast(): Promise<{ number: number; hash: string }> {
    await this.#tx.execute(`select pg_advisory_xact_lock(hashtextextended('remitflow.audit.checkpoint', 0))`);
    const [last] = await this.#tx.query<{ number: number; hash: string }>(
      `select number::float8, encode(hash, 'hex') as hash from checkpoints order by number desc limit 1`,
    );
    return last ?? { number: 0, hash: genesisHash };
  }

  /** Up to `limit` streams that have grown since they were last in a checkpoint; those growing now come next time. */
  async grownHeads(limit: number): Promise<StreamHead[]> {
    return this.#tx.query<StreamHead>(
      `with grown as (
         select stream from stream_heads where has_grown limit $1 for update skip locked)
       update stream_heads set checkpointed_sequence = last_sequence
        where stream in (select stream from grown)
       returning stream, month::text as month, last_sequence::float8 as sequence, encode(last_hash, 'hex') as hash`,
      [limit],
    );
  }

  async write(checkpoint: Checkpoint, heads: readonly StreamHead[]): Promise<void> {
    await this.#tx.execute(
      `insert into checkpoints (number, previous_hash, heads_digest, streams, taken_at, forgets, hash)
       values ($1, decode($2, 'hex'), decode($3, 'hex'), $4, $5, $6, decode($7, 'hex'))`,
      [
        checkpoint.number,
        checkpoint.previousHash,
        checkpoint.headsDigest,
        checkpoint.streams,
        checkpoint.takenAt,
        checkpoint.forgets,
        checkpoint.hash,
      ],
    );
    await this.#tx.execute(
      `insert into checkpoint_heads (number, forgets, stream, month, sequence, hash)
       select $1, $2, stream, month, sequence, decode(hash, 'hex')
         from unnest($3::text[], $4::date[], $5::bigint[], $6::text[]) as heads (stream, month, sequence, hash)`,
      [
        checkpoint.number,
        checkpoint.forgets,
        heads.map((head) => head.stream),
        heads.map((head) => head.month),
        heads.map((head) => head.sequence),
        heads.map((head) => head.hash),
      ],
    );
  }
}
