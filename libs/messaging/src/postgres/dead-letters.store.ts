import { uuidV5 } from '@remitflow/kernel';
import type { Transaction } from '@remitflow/persistence';
import type { DeadLetterTable, Parking } from '../ports/store.ts';

/** Messages that could not be processed, kept where they were to be processed. */
export class DeadLetterStore implements DeadLetterTable {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /**
   * Parks a message; one that was redriven and failed again goes back to open with its whole history. What people have
   * decided about it otherwise stays decided: it may be acted on under another id.
   */
  async park({ messageId, envelope, body, fingerprint, attempts, release }: Parking): Promise<void> {
    const last = attempts.at(-1);
    await this.#tx.execute(
      `insert into dead_letters
         (dead_letter_id, message_id, fact_name, fingerprint, error_code, error_text, attempts, envelope, body, release, state)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open')
       on conflict (message_id) do update
       set fingerprint = excluded.fingerprint, error_code = excluded.error_code, error_text = excluded.error_text, release = excluded.release,
           attempts = dead_letters.attempts || excluded.attempts, parked_at = now(),
           state = case when dead_letters.state = 'redriven' then 'open' else dead_letters.state end`,
      [
        uuidV5(messageId, 'dead letter'),
        messageId,
        envelope.type,
        fingerprint,
        last?.code ?? 'unknown',
        last?.text ?? '',
        JSON.stringify(attempts),
        JSON.stringify(envelope),
        body,
        release,
      ],
    );
  }
}
