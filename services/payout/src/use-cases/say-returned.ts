import { cutBulk, formsOf, PayoutsReturnedV2, type SentBackPayment } from '@remitflow/contracts';
import type { Outbox, SayOptions } from '@remitflow/messaging';

/** Says which payments did not reach their payee, in every major of the fact that somebody still hears. */
export function sayReturned(
  outbox: Outbox,
  payments: readonly SentBackPayment[],
  { key, correlationId }: SayOptions,
): void {
  for (const [n, run] of cutBulk(payments).entries()) {
    for (const { contract, body } of formsOf(PayoutsReturnedV2, { payments: run })) {
      outbox.add(contract, body, { key: `${key}/${n + 1}`, correlationId });
    }
  }
}
