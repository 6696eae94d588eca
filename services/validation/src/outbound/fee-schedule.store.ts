import type { Transaction } from '@remitflow/persistence';

export type Fee = { readonly procedure: string; readonly amountCents: number };

export class FeeScheduleStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  async names(): Promise<ReadonlySet<string>> {
    const rows = await this.#tx.query<{ name: string }>(`select name from fee_schedules`);
    return new Set(rows.map((row) => row.name));
  }

  /** Puts the whole table of fees in the place of what the schedule had. */
  async replace(name: string, fees: readonly Fee[]): Promise<void> {
    await this.#tx.execute(`insert into fee_schedules (name) values ($1) on conflict do nothing`, [name]);
    await this.#tx.query(`select 1 from fee_schedules where name = $1 for update`, [name]);
    await this.#tx.execute(`delete from fees where fee_schedule = $1`, [name]);
    await this.#tx.execute(
      `insert into fees (fee_schedule, procedure, amount_cents)
       select $1, * from unnest($2::text[], $3::bigint[])`,
      [name, fees.map((fee) => fee.procedure), fees.map((fee) => fee.amountCents)],
    );
  }

  async fees(name: string): Promise<Fee[]> {
    return this.#tx.query<Fee>(
      `select procedure, amount_cents::float8 as "amountCents" from fees where fee_schedule = $1 order by procedure`,
      [name],
    );
  }
}
