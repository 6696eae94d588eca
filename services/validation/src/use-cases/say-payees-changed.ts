import { cutBulk, PayeesChanged } from '@remitflow/contracts';
import type { Outbox } from '@remitflow/messaging';
import type { PayeeSnapshot } from '../domain/registered-payee.ts';
import type { Said } from '../messages.ts';

export type Needs = {
  payees: { snapshots(payeeIds: readonly string[]): Promise<readonly PayeeSnapshot[]> };
  vault: { seal(account: { accountId: string; numberEncrypted: string }): string };
  outbox: Outbox<Said>;
};

/** Says how these payees are now; their account numbers travel sealed. */
export async function sayPayeesChanged(
  { payees, vault, outbox }: Needs,
  payeeIds: readonly string[],
): Promise<void> {
  if (payeeIds.length === 0) return;
  const snapshots = await payees.snapshots(payeeIds);
  const changed = snapshots.map(({ account, address, ...payee }) => {
    const { numberEncrypted: _, ...open } = account;
    return {
      ...payee,
      ...(address ? { address } : {}),
      account: { ...open, sealedNumber: vault.seal(account) },
    };
  });
  for (const part of cutBulk(changed)) outbox.add(PayeesChanged, { payees: part });
}
