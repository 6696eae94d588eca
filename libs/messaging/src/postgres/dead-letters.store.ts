import { uuidV5 } from '@remitflow/kernel';
import type { Transaction } from '@remitflow/persistence';
import type { Envelope } from '../core/envelope.ts';
import type { Attempt } from '../core/failure.ts';
import type { DeadLetterTable, Parking } from '../ports/store.ts';

export type DeadLetter = {
  readonly deadLetterId: string;
  readonly messageId: string;
  readonly factName: string;
  readonly fingerprint: string;
  readonly errorCode: string;
  readonly errorText: string;
  readonly attempts: readonly Attempt[];
  readonly state: 'open' | 'redriven';
  readonly parkedAt: string;
};

export type StoredDeadLetter = DeadLetter & { readonly envelope: Envelope; readonly body: Buffer };

const columns = `dead_letter_id as "deadLetterId", message_id as "messageId", fact_name as "factName", fingerprint,
  error_code as "errorCode", error_text as "errorText", attempts, state, parked_at as "parkedAt"`;

/** Messages that could not be processed, kept where they were to be processed. */
export class DeadLetterStore implements DeadLetterTable {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** Parks a message; one that was redriven and failed again goes back to open with its whole history. */
  async park({ messageId, envelope, body, fingerprint, attempts, release }: Parking): Promise<void> {
    const last = attempts.at(-1);
    await this.#tx.execute(
      `insert into dead_letters
         (dead_letter_id, message_id, fact_name, fingerprint, error_code, error_text, attempts, envelope, body, release, state)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open')
       on conflict (message_id) do update
       set fingerprint = excluded.fingerprint, error_code = excluded.error_code, error_text = excluded.error_text, release = excluded.release,
           attempts = dead_letters.attempts || excluded.attempts, state = 'open', parked_at = now()`,
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

  async list(limit: number, state: 'open' | 'redriven' = 'open'): Promise<DeadLetter[]> {
    return this.#tx.query<DeadLetter>(
      `select ${columns} from dead_letters where state = $1 order by parked_at desc limit $2`,
      [state, limit],
    );
  }

  async find(deadLetterId: string): Promise<StoredDeadLetter | undefined> {
    const [row] = await this.#tx.query<StoredDeadLetter>(
      `select ${columns}, envelope, body from dead_letters where dead_letter_id = $1`,
      [deadLetterId],
    );
    return row;
  }

  /** Locks an open dead letter and marks it; undefined when it is not there or not open any more. */
  async takeForRedrive(deadLetterId: string, by: string): Promise<StoredDeadLetter | undefined> {
    const [row] = await this.#tx.query<StoredDeadLetter>(
      `update dead_letters set state = 'redriven', redriven_at = now(), redriven_by = $2
       where dead_letter_id = $1 and state = 'open' returning ${columns}, envelope, body`,
      [deadLetterId, by],
    );
    return row;
  }
}
