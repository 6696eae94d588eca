import { dayOf } from '@remitflow/kernel';
import { denialRemittanceId, type DueRemittance } from '../domain/remittance.ts';

export type Needs = {
  due: {
    unexplainedPayees(): Promise<string[]>;
    add(remittances: readonly DueRemittance[]): Promise<void>;
    assignDenied(cycleId: string): Promise<void>;
  };
};

/** When a cycle closes, what was denied until then is explained: one zero-pay remittance per payee. Gives how many. */
export async function explainDenials(
  { due }: Needs,
  { cycleId, closedAt }: { cycleId: string; closedAt: string },
): Promise<number> {
  const payeeIds = await due.unexplainedPayees();
  if (payeeIds.length === 0) return 0;
  await due.add(
    payeeIds.map((payeeId) => ({
      remittanceId: denialRemittanceId(cycleId, payeeId),
      kind: 'denial',
      payeeId,
      paymentId: null,
      cycleId,
      amountCents: 0,
      effectiveDate: dayOf(new Date(closedAt)),
    })),
  );
  await due.assignDenied(cycleId);
  return payeeIds.length;
}
