import { CannotProceed } from '@remitflow/kernel';

export type Reissue = { readonly paymentId: string; readonly note: string; readonly by: string };

export type Needs = {
  readonly payments: {
    lock(paymentId: string): Promise<{ status: string; isPayable: boolean } | undefined>;
    reissue(order: Reissue): Promise<number>;
  };
};

/**
 * Puts the requests of a payment that was returned, or refused with its file, back among those to be paid, when a person says so and the payee has an
 * account that can be paid. Gives their number.
 */
export async function reissuePayment({ payments }: Needs, order: Reissue): Promise<number> {
  const { paymentId } = order;
  const payment = await payments.lock(paymentId);
  if (payment === undefined) throw new CannotProceed('payment.unknown', { paymentId });
  if (payment.status !== 'returned' && payment.status !== 'refused') {
    throw new CannotProceed('payment.not-returned', { paymentId, status: payment.status });
  }
  if (!payment.isPayable) throw new CannotProceed('payee.no-active-account', { paymentId });
  return payments.reissue(order);
}
