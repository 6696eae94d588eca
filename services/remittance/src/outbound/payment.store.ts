import type {
  PayoutsClosedBody,
  PayoutsReturnedV2Body,
  PayoutsScheduledBody,
  PayoutsSentBody,
  PayoutsSettledBody,
} from '@remitflow/contracts';
import { arrayLiteral, type Transaction } from '@remitflow/persistence';

/** What payout says of payments and cycles, each once. */
export class PaymentStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  async recordScheduled({ requests }: PayoutsScheduledBody): Promise<void> {
    await this.#tx.execute(
      `insert into scheduled_parts (payment_id, requests, request_ids)
       select payment_id, count(*), array_agg(request_id)
         from unnest($1::uuid[], $2::uuid[]) as scheduled (payment_id, request_id) group by payment_id`,
      [
        arrayLiteral(requests.map((request) => request.paymentId)),
        arrayLiteral(requests.map((request) => request.requestId)),
      ],
    );
  }

  async recordSent({ cycleId, effectiveDate, odfiRouting, payments }: PayoutsSentBody): Promise<void> {
    await this.#tx.execute(
      `insert into payments (payment_id, cycle_id, payee_id, amount_cents, request_count, effective_date, trn_reference,
                             odfi_routing, routing_number, account_type, last_digits)
       select payment_id, $1, payee_id, amount_cents, request_count, $2, trn_reference, $3, routing_number, account_type,
              last_digits
         from unnest($4::uuid[], $5::uuid[], $6::bigint[], $7::int[], $8::text[], $9::text[], $10::text[], $11::text[])
              as sent (payment_id, payee_id, amount_cents, request_count, trn_reference, routing_number, account_type, last_digits)
       on conflict (payment_id) do nothing`,
      [
        cycleId,
        effectiveDate,
        odfiRouting,
        payments.map((payment) => payment.paymentId),
        payments.map((payment) => payment.payeeId),
        payments.map((payment) => payment.amountCents),
        payments.map((payment) => payment.requestCount),
        payments.map((payment) => payment.trnReference),
        payments.map((payment) => payment.routingNumber),
        payments.map((payment) => payment.accountType),
        payments.map((payment) => payment.lastDigits),
      ],
    );
  }

  async recordClosed({ cycleId, closedAt, payments, amountCents }: PayoutsClosedBody): Promise<void> {
    await this.#tx.execute(
      `insert into cycles (cycle_id, closed_at, payments, amount_cents) values ($1, $2, $3, $4)
       on conflict (cycle_id) do nothing`,
      [cycleId, closedAt, payments, amountCents],
    );
  }

  async recordSettled({ payments }: PayoutsSettledBody): Promise<void> {
    await this.#tx.execute(
      `insert into settlements (payment_id, settled_on) select * from unnest($1::uuid[], $2::date[])
       on conflict (payment_id) do nothing`,
      [payments.map((payment) => payment.paymentId), payments.map((payment) => payment.settledOn)],
    );
  }

  async recordReturned({ payments }: PayoutsReturnedV2Body): Promise<void> {
    await this.#tx.execute(
      `insert into returns (payment_id, sent_back_by, return_code, returned_on)
       select * from unnest($1::uuid[], $2::text[], $3::text[], $4::date[]) on conflict (payment_id) do nothing`,
      [
        payments.map((payment) => payment.paymentId),
        payments.map((payment) => payment.sentBackBy),
        payments.map((payment) => payment.returnCode ?? null),
        payments.map((payment) => payment.returnedOn),
      ],
    );
  }
}
