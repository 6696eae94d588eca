import { sayPayeesChanged, type Needs as SayingNeeds } from './say-payees-changed.ts';

export type Needs = SayingNeeds & { payees: { releaseAccount(payeeId: string): Promise<boolean> } };

/** Makes the suspended account of a payee payable again; false when it has none. */
export async function releaseAccount(needs: Needs, payeeId: string): Promise<boolean> {
  if (!(await needs.payees.releaseAccount(payeeId))) return false;
  await sayPayeesChanged(needs, [payeeId]);
  return true;
}
