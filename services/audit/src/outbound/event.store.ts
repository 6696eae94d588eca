import type { Transaction } from '@remitflow/persistence';

export class EventStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  async append(event: { id: string; factName: string }): Promise<void> {
    await this.#tx.execute(`insert into events (event_id, fact_name) values ($1, $2)`, [
      event.id,
      event.factName,
    ]);
  }
}
