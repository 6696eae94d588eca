import type { Transaction } from '@remitflow/persistence';
import type { Leased, RetryTable, Scheduled } from '../ports/store.ts';

/** Messages that are tried again later: visible, and safe from a restart of anything. */
export class RetryStore implements RetryTable {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** Schedules the next try, and begins to count its starts anew. */
  async schedule(message: Scheduled, delayMs: number): Promise<void> {
    await this.#insert(
      message,
      delayMs,
      `update set attempts = excluded.attempts, attempt_count = excluded.attempt_count, due_at = excluded.due_at, leases = 0`,
    );
  }

  /** Schedules a message unless it is scheduled already: what was counted of it stays. */
  async scheduleOnce(message: Scheduled, delayMs: number): Promise<void> {
    await this.#insert(message, delayMs, 'nothing');
  }

  async #insert(message: Scheduled, delayMs: number, onConflict: string): Promise<void> {
    await this.#tx.execute(
      `insert into retries (message_id, envelope, body, attempts, attempt_count, due_at)
       values ($1, $2, $3, $4, $5, now() + $6 * interval '1 millisecond')
       on conflict (message_id) do ${onConflict}`,
      [
        message.envelope.id,
        JSON.stringify(message.envelope),
        message.body,
        JSON.stringify(message.attempts),
        message.attempts.length,
        delayMs,
      ],
    );
  }

  /**
   * The next message that is due, put off by a lease so that other processes pass it by and a crash only delays it.
   */
  async leaseDue(leaseMs: number): Promise<Leased | undefined> {
    const [row] = await this.#tx.query<Leased>(
      `update retries set due_at = now() + $1 * interval '1 millisecond', leases = leases + 1
       where message_id = (
         select message_id from retries where due_at <= now() order by due_at limit 1 for update skip locked
       )
       returning envelope, body, attempts, leases`,
      [leaseMs],
    );
    return row;
  }

  async remove(messageId: string): Promise<void> {
    await this.#tx.execute(`delete from retries where message_id = $1`, [messageId]);
  }
}
