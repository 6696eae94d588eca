import type { Transaction } from '@remitflow/persistence';
import type { DueRemittance } from '../domain/remittance.ts';

/** Which payments, reversals and denials can be explained now. */
export class DueStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /**
   * Payments not yet explained of which everything is known, among those given or of the payees given (all payments, when
   * none are given). What was said twice counts once.
   */
  async completePayments(
    among: {
      paymentIds?: readonly string[];
      payeeIds?: readonly string[];
    } = {},
  ): Promise<Omit<DueRemittance, 'remittanceId' | 'kind'>[]> {
    return this.#tx.query(
      `select payment_id as "paymentId", payee_id as "payeeId", cycle_id as "cycleId", amount_cents::float8 as "amountCents",
              effective_date::text as "effectiveDate"
         from payments
        where not is_explained
          and ($1::uuid[] is null or payment_id = any($1))
          and ($2::uuid[] is null or payee_id = any($2))
          and exists (select from payees where payees.payee_id = payments.payee_id)
          and request_count <= (select sum(requests) from scheduled_parts where scheduled_parts.payment_id = payments.payment_id)
          and request_count = (
            select count(*) from (select distinct unnest(request_ids) as request_id from scheduled_parts
                                   where scheduled_parts.payment_id = payments.payment_id) scheduled
              join decided_requests using (request_id))`,
      [among.paymentIds ?? null, among.payeeIds ?? null],
    );
  }

  /** Payments that came back after their 835 was posted, and are not yet reversed; those given, or all. */
  async returnedPayments(
    paymentIds?: readonly string[],
  ): Promise<Omit<DueRemittance, 'remittanceId' | 'kind'>[]> {
    return this.#tx.query(
      `select payment_id as "paymentId", original.payee_id as "payeeId", original.cycle_id as "cycleId",
              original.amount_cents::float8 as "amountCents", returned_on::text as "effectiveDate"
         from returns join remittances original using (payment_id)
        where not returns.is_reversed and original.kind = 'payment' and original.state = 'posted'
          and ($1::uuid[] is null or payment_id = any($1))`,
      [paymentIds ?? null],
    );
  }

  /** Payees with denied requests that no remittance explains; locked against another close that would take them too. */
  async unexplainedPayees(): Promise<string[]> {
    await this.#tx.execute(
      `select pg_advisory_xact_lock(hashtextextended('remitflow.remittance.denials', 0))`,
    );
    const rows = await this.#tx.query<{ payeeId: string }>(
      `select distinct payee_id as "payeeId" from decided_parts join payees using (payee_id)
        where is_denied and remittance_id is null`,
    );
    return rows.map((row) => row.payeeId);
  }

  /** Makes remittances due; one that exists is left alone. */
  async add(remittances: readonly DueRemittance[]): Promise<void> {
    const column = <T>(pick: (remittance: DueRemittance) => T): T[] => remittances.map(pick);
    await this.#tx.execute(
      `with added as (
         insert into remittances (remittance_id, kind, payee_id, payment_id, cycle_id, amount_cents, effective_date)
         select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::date[])
         on conflict do nothing returning kind, payment_id),
       reversed as (
         update returns set is_reversed = true from added where added.kind = 'reversal' and returns.payment_id = added.payment_id)
       update payments set is_explained = true from added where added.kind = 'payment' and payments.payment_id = added.payment_id`,
      [
        column((remittance) => remittance.remittanceId),
        column((remittance) => remittance.kind),
        column((remittance) => remittance.payeeId),
        column((remittance) => remittance.paymentId),
        column((remittance) => remittance.cycleId),
        column((remittance) => remittance.amountCents),
        column((remittance) => remittance.effectiveDate),
      ],
    );
  }

  /** Puts the denied requests that nothing explains into the zero-pay remittances of a cycle. */
  async assignDenied(cycleId: string): Promise<void> {
    await this.#tx.execute(
      `update decided_parts set remittance_id = remittances.remittance_id from remittances
        where remittances.cycle_id = $1 and remittances.kind = 'denial' and remittances.control_number is null
          and decided_parts.payee_id = remittances.payee_id
          and decided_parts.is_denied and decided_parts.remittance_id is null`,
      [cycleId],
    );
  }
}
