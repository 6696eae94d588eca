import type { Transaction } from '@remitflow/persistence';

export type KeyUse = {
  readonly key: string;
  readonly bodySha256: string;
  readonly submissionId: string;
  readonly requestId: string;
};

export class IdempotencyKeyStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  async add(use: KeyUse, createdAt: Date): Promise<void> {
    await this.#tx.execute(
      `insert into idempotency_keys (idempotency_key, body_sha256, submission_id, request_id, created_at)
       values ($1, $2, $3, $4, $5)`,
      [use.key, use.bodySha256, use.submissionId, use.requestId, createdAt],
    );
  }

  /** Waits until nobody else is using the key, until this transaction ends. */
  async lock(key: string): Promise<void> {
    await this.#tx.query(`select pg_advisory_xact_lock(hashtextextended('intake.key/' || $1, 0))`, [key]);
  }

  async find(key: string): Promise<KeyUse | undefined> {
    const [row] = await this.#tx.query<KeyUse>(
      `select idempotency_key as key, body_sha256 as "bodySha256", submission_id as "submissionId",
              request_id as "requestId"
       from idempotency_keys where idempotency_key = $1`,
      [key],
    );
    return row;
  }
}
