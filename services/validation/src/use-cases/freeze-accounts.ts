import type { ReturnedPayment } from '@remitflow/contracts';
import { sayPayeesChanged, type Needs as SayingNeeds } from './say-payees-changed.ts';

export type Needs = SayingNeeds & {
  payees: { suspendAccounts(accountIds: readonly string[]): Promise<string[]> };
};

/** Suspends the accounts that the bank says cannot be paid to, until a person has dealt with them. */
export async function freezeAccounts(needs: Needs, payments: readonly ReturnedPayment[]): Promise<void> {
  const frozen = payments.filter(({ consequence }) => consequence === 'freeze-account');
  if (frozen.length === 0) return;
  const accountIds = new Set(frozen.map(({ accountId }) => accountId));
  await sayPayeesChanged(needs, await needs.payees.suspendAccounts([...accountIds]));
}
