import { paymentRemittanceId, reversalRemittanceId, type DueRemittance } from '../domain/remittance.ts';

type Payment = Omit<DueRemittance, 'remittanceId' | 'kind'>;
export type Among = {
  readonly paymentIds?: readonly string[];
  readonly payeeIds?: readonly string[];
};

export type Needs = {
  due: {
    completePayments(among?: Among): Promise<Payment[]>;
    returnedPayments(paymentIds?: readonly string[]): Promise<Payment[]>;
    add(remittances: readonly DueRemittance[]): Promise<void>;
  };
};

/**
 * Facts come in any order: after each, the payments of which everything is known now become due, whichever fact was
 * the last. Without `among` all open payments are looked at. Gives how many became due.
 */
export async function makePaymentsDue({ due }: Needs, among?: Among): Promise<number> {
  const payments = await due.completePayments(among);
  if (payments.length === 0) return 0;
  await due.add(
    payments.map((payment) => ({
      ...payment,
      remittanceId: paymentRemittanceId(payment.paymentId!),
      kind: 'payment',
    })),
  );
  return payments.length;
}

/** A payment that came back is reversed, once, after its own 835 was posted. Gives how many became due. */
export async function makeReversalsDue({ due }: Needs, paymentIds?: readonly string[]): Promise<number> {
  const payments = await due.returnedPayments(paymentIds);
  if (payments.length === 0) return 0;
  await due.add(
    payments.map((payment) => ({
      ...payment,
      remittanceId: reversalRemittanceId(payment.paymentId!),
      kind: 'reversal',
    })),
  );
  return payments.length;
}
