import { paymentRemittanceId, reversalRemittanceId, type DueRemittance } from '../domain/remittance.ts';

type Payment = Omit<DueRemittance, 'remittanceId' | 'kind'>;
export type Among = {
  readonly requestIds?: readonly string[];
  readonly paymentIds?: readonly string[];
  readonly payeeIds?: readonly string[];
};

export type Needs = {
  due: {
    completePayments(among?: Among): Promise<Payment[]>;
    returnedPayments(): Promise<Payment[]>;
    add(remittances: readonly DueRemittance[]): Promise<void>;
  };
};

/**
 * Facts come in any order: after each, the payments of which everything is known now become due, whichever fact was
 * the last. Without `among` all open payments are looked at.
 */
export async function makePaymentsDue({ due }: Needs, among?: Among): Promise<void> {
  const payments = await due.completePayments(among);
  if (payments.length === 0) return;
  await due.add(
    payments.map((payment) => ({
      ...payment,
      remittanceId: paymentRemittanceId(payment.paymentId!),
      kind: 'payment',
    })),
  );
}

/** A payment that came back is reversed, once, after its own 835 was posted. */
export async function makeReversalsDue({ due }: Needs): Promise<void> {
  const payments = await due.returnedPayments();
  if (payments.length === 0) return;
  await due.add(
    payments.map((payment) => ({
      ...payment,
      remittanceId: reversalRemittanceId(payment.paymentId!),
      kind: 'reversal',
    })),
  );
}
