import { RetryLater } from '@remitflow/kernel';
import type { Transaction } from '@remitflow/persistence';
import type { Abandonment, NewPayment, Released, SentPayment, StoredPayment } from '../domain/cycle.ts';

export class PaymentStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** This many consecutive trace sequences of an originating bank; gives the first. */
  async takeTraces(odfi: string, count: number): Promise<number> {
    const [row] = await this.#tx.query<{ last: number }>(
      `insert into trace_sequences as known (odfi, last_number) values ($1, $2)
       on conflict (odfi) do update set last_number = known.last_number + excluded.last_number
       returning last_number as last`,
      [odfi, count],
    );
    return row!.last - count + 1;
  }

  /** Each payment keeps the account of its payee as it is now, and moves its amount in the ledger. */
  async add(cycleId: string, payments: readonly NewPayment[]): Promise<void> {
    const [row] = await this.#tx.query<{ added: number }>(
      `with added as (
         insert into payments (payment_id, cycle_id, payee_id, account_id, amount_cents, request_count, trace_number,
           trn_reference, entry_line, receiver_id, receiver_name, routing_number, account_type, last_digits,
           encrypted_number, status)
         select given."paymentId", $1, given."payeeId", accounts.account_id, given."amountCents", given."requestCount",
           given."traceNumber", given."traceNumber", given."entryLine", given."receiverId", given."receiverName",
           accounts.routing_number, accounts.account_type, accounts.last_digits, accounts.encrypted_number, 'scheduled'
         from jsonb_to_recordset($2::jsonb) as given ("paymentId" uuid, "payeeId" uuid, "amountCents" bigint,
             "requestCount" integer, "traceNumber" text, "entryLine" integer, "receiverId" text, "receiverName" text)
           join payees on payees.payee_id = given."payeeId"
           join accounts on accounts.account_id = payees.account_id
         where payees.status = 'active' and accounts.status = 'active' and accounts.frozen_at is null
         returning payment_id, amount_cents
       ), booked as (
         insert into ledger_transfers (kind, about_id, debit_account, credit_account, amount_cents)
         select 'scheduled', payment_id, 'payables', 'payouts-in-transit', amount_cents from added
       )
       select count(*)::int as added from added`,
      [cycleId, JSON.stringify(payments)],
    );
    if (row!.added !== payments.length) throw new RetryLater('cycle.payees-changed', { cycleId });
  }

  /** The next payments of a cycle in the order of the trace numbers, with what the file needs. */
  async ofCycle(cycleId: string, page: { after: string; most: number }): Promise<StoredPayment[]> {
    return this.#tx.query<StoredPayment>(
      `select payment_id as "paymentId", payee_id as "payeeId", account_id as "accountId",
         amount_cents::float8 as "amountCents", request_count as "requestCount", trace_number as "traceNumber",
         trn_reference as "trnReference", entry_line as "entryLine", receiver_id as "receiverId",
         receiver_name as "receiverName", routing_number as "routingNumber", account_type as "accountType",
         last_digits as "lastDigits", encrypted_number as "encryptedNumber"
       from payments where cycle_id = $1 and trace_number > $2 order by trace_number limit $3`,
      [cycleId, page.after, page.most],
    );
  }

  /** The next payments of a cycle in the order of the trace numbers, without what only the file may hold. */
  async sentOf(cycleId: string, page: { after: string; most: number }): Promise<SentPayment[]> {
    return this.#tx.query<SentPayment>(
      `select payment_id as "paymentId", payee_id as "payeeId", account_id as "accountId",
         amount_cents::float8 as "amountCents", request_count as "requestCount", trace_number as "traceNumber",
         trn_reference as "trnReference", routing_number as "routingNumber", account_type as "accountType",
         last_digits as "lastDigits"
       from payments where cycle_id = $1 and trace_number > $2 order by trace_number limit $3`,
      [cycleId, page.after, page.most],
    );
  }

  /** What the payables say the payments of a cycle are. */
  async payablesOf(cycleId: string): Promise<{ requests: number; amountCents: number }> {
    const [row] = await this.#tx.query<{ requests: number; amountCents: number }>(
      `select coalesce(sum(paid.requests), 0)::float8 as requests, coalesce(sum(paid.cents), 0)::float8 as "amountCents"
       from payments cross join lateral (
         select sum(requests) as requests, sum((select sum(cents) from unnest(request_cents) as cents)) as cents
         from payable_parts where payable_parts.payment_id = payments.payment_id
       ) paid
       where cycle_id = $1`,
      [cycleId],
    );
    return row!;
  }

  /** Whether the payee could be paid now, on the account it has now. */
  async lock(paymentId: string): Promise<{ status: string; isPayable: boolean } | undefined> {
    const [row] = await this.#tx.query<{ status: string; isPayable: boolean }>(
      `select payments.status, exists (
           select 1 from payees join accounts on accounts.account_id = payees.account_id
           where payees.payee_id = payments.payee_id and payees.status = 'active' and accounts.status = 'active'
             and accounts.frozen_at is null
         ) as "isPayable"
       from payments where payment_id = $1 for update`,
      [paymentId],
    );
    return row;
  }

  /** The payables are open again and remember the payment that came back; gives their number. */
  async reissue({ paymentId, note, by }: { paymentId: string; note: string; by: string }): Promise<number> {
    const [row] = await this.#tx.query<{ requests: number }>(
      `with reissued as (
         update payments set status = 'reissued', reissue_note = $2, reissued_by = $3
         where payment_id = $1 and status in ('returned', 'refused')
         returning payment_id, amount_cents
       ), booked as (
         insert into ledger_transfers (kind, about_id, debit_account, credit_account, amount_cents)
         select 'reissued', payment_id, 'returned-payouts', 'payables', amount_cents from reissued
       ), opened as (
         update payable_parts set payment_id = null, returned_payment_ids = returned_payment_ids || reissued.payment_id
         from reissued where payable_parts.payment_id = reissued.payment_id
         returning requests
       )
       select coalesce(sum(requests), 0)::float8 as requests from opened`,
      [paymentId, note, by],
    );
    return row!.requests;
  }

  /** As `reissue`, for all payments that were refused with a file and not yet given back. */
  async releaseRefused(cycleId: string, { note, by }: { note: string; by: string }): Promise<Released> {
    const [row] = await this.#tx.query<Released>(
      `with reissued as (
         update payments set status = 'reissued', reissue_note = $2, reissued_by = $3
         where cycle_id = $1 and status = 'refused'
         returning payment_id, amount_cents
       ), booked as (
         insert into ledger_transfers (kind, about_id, debit_account, credit_account, amount_cents)
         select 'reissued', payment_id, 'returned-payouts', 'payables', amount_cents from reissued
       ), opened as (
         update payable_parts set payment_id = null, returned_payment_ids = returned_payment_ids || reissued.payment_id
         from reissued where payable_parts.payment_id = reissued.payment_id
         returning requests, payable_parts.amount_cents
       )
       select (select count(*)::int from reissued) as payments, coalesce(sum(requests), 0)::int as requests,
         coalesce(sum(amount_cents), 0)::float8 as cents
       from opened`,
      [cycleId, note, by],
    );
    return row!;
  }

  /** What was never sent leaves no trace with the payables, and goes back in the ledger the way it came. */
  async abandon({ cycleId, note, by }: Abandonment): Promise<Released> {
    const [row] = await this.#tx.query<Released>(
      `with abandoned as (
         update payments set status = 'abandoned', reissue_note = $2, reissued_by = $3
         where cycle_id = $1 and status = 'scheduled'
         returning payment_id, amount_cents
       ), booked as (
         insert into ledger_transfers (kind, about_id, debit_account, credit_account, amount_cents)
         select 'abandoned', payment_id, 'payouts-in-transit', 'payables', amount_cents from abandoned
       ), opened as (
         update payable_parts set payment_id = null from abandoned
         where payable_parts.payment_id = abandoned.payment_id
         returning requests, payable_parts.amount_cents
       )
       select (select count(*)::int from abandoned) as payments, coalesce(sum(requests), 0)::int as requests,
         coalesce(sum(amount_cents), 0)::float8 as cents
       from opened`,
      [cycleId, note, by],
    );
    return row!;
  }
}
