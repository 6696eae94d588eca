import type { Transaction } from '@remitflow/persistence';
import type { Envelope } from '../core/envelope.ts';
import type { Arrival, InboxOutcome, InboxTable } from '../ports/store.ts';

/** Which messages this service has acted on; lives in the same transaction as the effects. */
export class InboxStore implements InboxTable {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /**
   * Copies of one message share their time, so they meet in one partition; a forged one is found by its id, also while
   * the true one waits to be tried again and is not here yet.
   */
  async arrive(envelope: Envelope, outcome: InboxOutcome): Promise<Arrival> {
    const digest = Buffer.from(envelope.digest, 'hex');
    const inserted = await this.#tx.query(
      `insert into inbox (message_id, said_at, fact_name, digest, outcome)
       select $1, $2, $3, $4, $5
       where not exists (select 1 from inbox where message_id = $1)
         and not exists (select 1 from retries where message_id = $1 and envelope->>'digest' <> $6)
       on conflict (message_id, said_at) do nothing returning message_id`,
      [envelope.id, timeOf(envelope), envelope.type, digest, outcome, envelope.digest],
    );
    if (inserted.length > 0) return 'new';
    const [known] = await this.#tx.query<{ same: boolean }>(
      `select digest = $2 as same from inbox where message_id = $1 order by handled_at limit 1`,
      [envelope.id, digest],
    );
    return known?.same ? 'duplicate' : 'digest-conflict';
  }

  async knows({ id, digest }: Envelope): Promise<boolean> {
    const known = `select 1 from inbox where message_id = $1 and digest = $2`;
    return (await this.#tx.query(known, [id, Buffer.from(digest, 'hex')])).length > 0;
  }
}

/** What names no time is remembered under the beginning of time. */
const timeOf = ({ time }: Envelope): string =>
  Number.isNaN(Date.parse(time)) ? '1970-01-01T00:00:00Z' : time;
