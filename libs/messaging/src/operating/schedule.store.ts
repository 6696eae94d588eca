import type { Transaction } from '@remitflow/persistence';
import type { Envelope } from '../core/envelope.ts';
import type { Attempt } from '../core/failure.ts';
import { instant } from './instant.ts';

/** A message that is tried again later, as people see it. */
export type PendingRetry = {
  readonly messageId: string;
  readonly factName: string;
  readonly subject: string;
  readonly correlationId: string;
  readonly attempts: number;
  readonly lastError: Attempt | null;
  readonly dueAt: string;
  /** It is being tried now; due again only when the process that tries it has died. */
  readonly isBegun: boolean;
  readonly firstTriedAt: string;
};

type LockedRetry = {
  readonly envelope: Envelope;
  readonly body: Buffer;
  readonly attempts: readonly Attempt[];
  readonly isBegun: boolean;
};

const isBegun = `leases > 0 and due_at > now() as "isBegun"`;

/** Scheduled tries as people look at them and decide about them. */
export class ScheduleStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  list({ limit, offset = 0 }: { limit: number; offset?: number }): Promise<PendingRetry[]> {
    return this.#tx.query<PendingRetry>(
      `select message_id as "messageId", envelope->>'type' as "factName", envelope->>'subject' as subject,
         envelope->>'correlationId' as "correlationId", attempt_count as attempts, attempts->-1 as "lastError",
         ${instant('due_at')} as "dueAt", ${isBegun}, ${instant('created_at')} as "firstTriedAt"
       from retries order by due_at, message_id limit $1 offset $2`,
      [limit, offset],
    );
  }

  async count(): Promise<number> {
    const [row] = await this.#tx.query<{ pending: number }>(`select count(*)::int as pending from retries`);
    return row?.pending ?? 0;
  }

  /** Nobody begins it until this transaction is over. */
  async lock(messageId: string): Promise<LockedRetry | undefined> {
    const [row] = await this.#tx.query<LockedRetry>(
      `select envelope, body, attempts, ${isBegun} from retries where message_id = $1 for update`,
      [messageId],
    );
    return row;
  }

  async makeDue(messageId: string): Promise<void> {
    await this.#tx.execute(`update retries set due_at = least(due_at, now()) where message_id = $1`, [
      messageId,
    ]);
  }
}
