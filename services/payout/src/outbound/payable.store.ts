import type { Transaction } from '@remitflow/persistence';
import type { AnnouncedRequest, AnnouncedUntil } from '../domain/cycle.ts';
import type { OpenPayables, OpenPayee } from '../domain/form-payments.ts';

type Payable = { requestId: string; claimId: string; payeeId: string; paidCents: number };

export class PayableStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** One statement: the payables that are new, and their sum, also in the ledger. */
  async add(submissionId: string, messageId: string, payables: readonly Payable[]): Promise<void> {
    await this.#tx.execute(
      `with added as (
         insert into payables (request_id, submission_id, claim_id, payee_id, amount_cents)
         select request_id, $1, claim_id, payee_id, amount_cents
         from unnest($3::uuid[], $4::text[], $5::uuid[], $6::bigint[]) as given (request_id, claim_id, payee_id, amount_cents)
         on conflict (request_id) do nothing
         returning amount_cents
       ), approved as (
         select count(*) as payables, sum(amount_cents) as cents from added having count(*) > 0
       ), counted as (
         insert into approvals (message_id, submission_id, payables, amount_cents)
         select $2::uuid, $1, payables, cents from approved
       )
       insert into ledger_transfers (kind, about_id, debit_account, credit_account, amount_cents)
       select 'approved', $2::uuid, 'claims-expense', 'payables', cents from approved`,
      [
        submissionId,
        messageId,
        `{${payables.map(({ requestId }) => requestId).join(',')}}`,
        payables.map(({ claimId }) => claimId),
        `{${payables.map(({ payeeId }) => payeeId).join(',')}}`,
        `{${payables.map(({ paidCents }) => paidCents).join(',')}}`,
      ],
    );
  }

  /** What the next payees have open, and why it cannot be paid now if it cannot; payees in the order of their ids. */
  async open(page: { after: string; most: number }): Promise<OpenPayee[]> {
    const rows = await this.#tx.query<Omit<OpenPayee, 'hold'> & { hold: OpenPayables['hold'] | null }>(
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
         from payables where payment_id is null and payee_id > $1 group by payee_id order by payee_id limit $2
       ) p
       left join payees on payees.payee_id = p.payee_id
       left join accounts on accounts.account_id = payees.account_id
       order by p.payee_id`,
      [page.after, page.most],
    );
    return rows.map(({ hold, ...row }) => ({ ...row, ...(hold && { hold }) }));
  }

  async isAnyPayable(): Promise<boolean> {
    const [row] = await this.#tx.query<{ found: boolean }>(
      `select exists (
         select from payees join accounts using (account_id)
         where payees.status = 'active' and accounts.status = 'active' and accounts.frozen_at is null
           and exists (select from payables where payables.payee_id = payees.payee_id and payment_id is null)
       ) as found`,
    );
    return row!.found;
  }

  /** Takes all that is open of these payees, also what was approved a moment ago; gives what was really taken. */
  async claim(payments: readonly { payeeId: string; paymentId: string }[]): Promise<OpenPayables[]> {
    const claimed = new Map<string, OpenPayables>();
    for (let taken = claimedAtOnce; taken === claimedAtOnce;) {
      taken = 0;
      for (const { payeeId, requests, amountCents } of await this.#claimSome(payments)) {
        const before = claimed.get(payeeId) ?? { requests: 0, amountCents: 0 };
        claimed.set(payeeId, {
          payeeId,
          requests: before.requests + requests,
          amountCents: before.amountCents + amountCents,
        });
        taken += requests;
      }
    }
    return [...claimed.values()].sort((one, other) => (one.payeeId < other.payeeId ? -1 : 1));
  }

  /**
   * Locked first, so that the update finds its rows by their key alone: with "is null" it may go through all open rows
   * for each of them, since statistics of a moment ago tell that there are none.
   */
  async #claimSome(payments: readonly { payeeId: string; paymentId: string }[]): Promise<OpenPayables[]> {
    if (payments.length === 0) return [];
    return this.#tx.query<OpenPayables>(
      `with open as (
         select request_id, given.payment_id
         from unnest($1::uuid[], $2::uuid[]) as given (payee_id, payment_id)
           join payables on payables.payee_id = given.payee_id and payables.payment_id is null
         limit $3 for update of payables
       ), claimed as (
         update payables set payment_id = open.payment_id from open where payables.request_id = open.request_id
         returning payee_id, amount_cents
       )
       select payee_id as "payeeId", count(*)::float8 as requests, sum(amount_cents)::float8 as "amountCents"
       from claimed group by payee_id`,
      [
        `{${payments.map(({ payeeId }) => payeeId).join(',')}}`,
        `{${payments.map(({ paymentId }) => paymentId).join(',')}}`,
        claimedAtOnce,
      ],
    );
  }

  async release(paymentIds: readonly string[]): Promise<void> {
    await this.#tx.execute(`update payables set payment_id = null where payment_id = any ($1::uuid[])`, [
      paymentIds,
    ]);
  }

  /** The next requests of a cycle, at most this many, in the order of the trace numbers and of their ids. */
  async ofCycle(cycleId: string, page: AnnouncedUntil & { most: number }): Promise<AnnouncedRequest[]> {
    return this.#tx.query<AnnouncedRequest>(
      `with candidates as (
         select payment_id, payee_id, trace_number, request_count,
           case when trace_number = $2 then $3::uuid else '00000000-0000-0000-0000-000000000000' end as after_id
         from payments
         where cycle_id = $1 and trace_number >= $2 and (trace_number > $2 or $3::uuid is not null)
         order by trace_number limit $4 + 1
       ), following as (
         select *, sum(to_come) over (order by trace_number) - to_come as before
         from (
           select candidates.*, case when trace_number > $2 then request_count else (
             select count(*) from (
               select from payables
               where payables.payment_id = candidates.payment_id and request_id > after_id limit $4
             ) remaining) end as to_come
           from candidates
         ) counted
       )
       select trace_number as "traceNumber", request_id as "requestId", payment_id as "paymentId",
         payee_id as "payeeId", amount_cents::float8 as "amountCents"
       from following cross join lateral (
         select request_id, amount_cents from payables
         where payables.payment_id = following.payment_id and request_id > after_id order by request_id limit $4
       ) announced
       where before < $4 order by trace_number, request_id limit $4`,
      [cycleId, page.traceNumber, page.requestId, page.most],
    );
  }
}

/** Rows that one statement changes: it must end long before statements are given up. */
const claimedAtOnce = 100_000;
