import type { Transaction } from '@remitflow/persistence';
import type { OpenPayables } from '../domain/form-payments.ts';

type Payable = { requestId: string; claimId: string; payeeId: string; paidCents: number };

type OpenPayee = Omit<OpenPayables, 'hold'> & {
  hold: OpenPayables['hold'] | null;
  npi: string;
  name: string;
};

export class PayableStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** One statement: the payables that are new, and their sum in the ledger. */
  async add(submissionId: string, messageId: string, payables: readonly Payable[]): Promise<void> {
    await this.#tx.execute(
      `with added as (
         insert into payables (request_id, submission_id, claim_id, payee_id, amount_cents)
         select "requestId", $1, "claimId", "payeeId", "paidCents"
         from jsonb_to_recordset($3::jsonb) as given ("requestId" uuid, "claimId" text, "payeeId" uuid, "paidCents" bigint)
         on conflict (request_id) do nothing
         returning amount_cents
       )
       insert into ledger_transfers (kind, about_id, debit_account, credit_account, amount_cents)
       select 'approved', $2, 'claims-expense', 'payables', sum(amount_cents) from added having count(*) > 0`,
      [submissionId, messageId, JSON.stringify(payables)],
    );
  }

  /** What every payee has open, and why it cannot be paid now if it cannot. */
  async open(): Promise<(OpenPayables & { npi: string; name: string })[]> {
    const rows = await this.#tx.query<OpenPayee>(
      `select p.payee_id as "payeeId", p.requests::float8 as requests, p.cents::float8 as "amountCents",
         coalesce(payees.npi, '') as npi, coalesce(payees.name, '') as name,
         case
           when payees.payee_id is null then 'payee-unknown'
           when payees.status <> 'active' then 'payee-not-active'
           when accounts.account_id is null then 'no-account'
           when accounts.status <> 'active' then 'account-not-active'
           when accounts.frozen_at is not null then 'account-frozen'
         end as hold
       from (
         select payee_id, count(*) as requests, sum(amount_cents) as cents
         from payables where payment_id is null group by payee_id
       ) p
       left join payees on payees.payee_id = p.payee_id
       left join accounts on accounts.account_id = payees.account_id
       order by p.payee_id`,
    );
    return rows.map(({ hold, ...row }) => ({ ...row, ...(hold && { hold }) }));
  }

  /** Takes all that is open of these payees, also what was approved a moment ago; gives what was really taken. */
  async claim(payments: readonly { payeeId: string; paymentId: string }[]): Promise<OpenPayables[]> {
    return this.#tx.query<OpenPayables>(
      `with claimed as (
         update payables set payment_id = given."paymentId"
         from jsonb_to_recordset($1::jsonb) as given ("payeeId" uuid, "paymentId" uuid)
         where payables.payee_id = given."payeeId" and payables.payment_id is null
         returning payables.payee_id, amount_cents
       )
       select payee_id as "payeeId", count(*)::float8 as requests, sum(amount_cents)::float8 as "amountCents"
       from claimed group by payee_id order by payee_id`,
      [JSON.stringify(payments)],
    );
  }

  async release(paymentIds: readonly string[]): Promise<void> {
    await this.#tx.execute(`update payables set payment_id = null where payment_id = any ($1::uuid[])`, [
      paymentIds,
    ]);
  }

  /**
   * The requests of the next payments of a cycle, about this many, in the order of the trace numbers; those of one
   * payment are never parted.
   */
  async ofCycle(cycleId: string, page: { after: string; most: number }): Promise<AnnouncedRequest[]> {
    return this.#tx.query<AnnouncedRequest>(
      `with following as (
         select payment_id, trace_number, sum(request_count) over (order by trace_number) - request_count as before
         from (
           select payment_id, trace_number, request_count from payments
           where cycle_id = $1 and trace_number > $2 order by trace_number limit $3
         ) candidates
       )
       select trace_number as "traceNumber", request_id as "requestId", payment_id as "paymentId",
         payee_id as "payeeId", amount_cents::float8 as "amountCents"
       from following join payables using (payment_id)
       where before < $3 order by trace_number, request_id`,
      [cycleId, page.after, page.most],
    );
  }
}

type AnnouncedRequest = {
  traceNumber: string;
  requestId: string;
  paymentId: string;
  payeeId: string;
  amountCents: number;
};
