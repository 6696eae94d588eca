import type { Database } from '@remitflow/persistence';
import { fileRefusedCode } from '../domain/match-answers.ts';

/** What is watched of the money, each in one statement and so at one moment. */
export class FiguresStore {
  readonly #database: Pick<Database, 'query'>;

  constructor(database: Pick<Database, 'query'>) {
    this.#database = database;
  }

  /** Payments whose file is being handed over: until that has ended, nobody knows whether the bank has it. */
  async unknownOutcomes(): Promise<number> {
    const [row] = await this.#database.query<{ payments: number }>(
      `select coalesce(sum(payments), 0)::float8 as payments from cycles where status = 'transmitting'`,
    );
    return row!.payments;
  }

  /**
   * By how many cents the ledger, the payables and the payments tell different stories: the differences of each
   * account, added without their signs. 0 is the only right answer.
   */
  async imbalanceCents(): Promise<number> {
    const [row] = await this.#database.query<{ cents: number }>(
      `with told as (
         select account, credit_cents - debit_cents as cents from ledger_balances
         union all
         select 'paid-payables', coalesce(sum(amount_cents) filter (where payment_id is not null), 0) from payable_parts
       ), owed as (
         select 'claims-expense' as account, -coalesce(sum(amount_cents), 0) as cents from payables
         union all
         select 'payables', coalesce(sum(amount_cents) filter (where payment_id is null), 0) from payable_parts
         union all
         select 'payouts-in-transit', coalesce(sum(amount_cents) filter (
           where settled_on is null and status <> 'abandoned' and return_code is distinct from $1), 0)
         from payments
         union all
         select 'returned-payouts', coalesce(sum(amount_cents) filter (where status in ('returned', 'refused')), 0)
         from payments
         union all
         select 'paid-payables', coalesce(sum(amount_cents) filter (
           where status not in ('reissued', 'abandoned')), 0)
         from payments
       )
       select sum(abs(coalesce(told.cents, 0) - owed.cents))::float8 as cents from owed left join told using (account)`,
      [fileRefusedCode],
    );
    return row!.cents;
  }
}
