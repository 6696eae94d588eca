import type { Transaction } from '@remitflow/persistence';
import type { Envelope } from '../core/envelope.ts';

export type InboxOutcome = 'done' | 'split' | 'parked';
export type Arrival = 'new' | 'duplicate' | 'digest-conflict';

/** Which messages this service has acted on; lives in the same transaction as the effects. */
export class InboxStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** Claims a message for this transaction; a second claim waits for the first and then sees it. */
  async arrive(envelope: Envelope, outcome: InboxOutcome): Promise<Arrival> {
    const digest = Buffer.from(envelope.digest, 'hex');
    const inserted = await this.#tx.query(
      `insert into inbox (message_id, fact_name, digest, outcome) values ($1, $2, $3, $4)
       on conflict (message_id) do nothing returning message_id`,
      [envelope.id, envelope.type, digest, outcome],
    );
    if (inserted.length > 0) return 'new';
    const [known] = await this.#tx.query<{ same: boolean }>(
      `select digest = $2 as same from inbox where message_id = $1`,
      [envelope.id, digest],
    );
    return known?.same === false ? 'digest-conflict' : 'duplicate';
  }

  /** Whether this very message was dealt with; one that only shares its id was not. */
  async knows({ id, digest }: Envelope): Promise<boolean> {
    const known = `select 1 from inbox where message_id = $1 and digest = $2`;
    return (await this.#tx.query(known, [id, Buffer.from(digest, 'hex')])).length > 0;
  }

  /** Lets a parked message be handled after all. */
  async forget(messageId: string): Promise<void> {
    await this.#tx.execute(`delete from inbox where message_id = $1 and outcome = 'parked'`, [messageId]);
  }
}
