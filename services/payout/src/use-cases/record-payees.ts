import type { ChangedPayee, PayeeAccount } from '@remitflow/contracts';
import { CannotProceed } from '@remitflow/kernel';
import { parseAccountNumber, parseRoutingNumber } from '@remitflow/nacha';
import type { KnownAccount, KnownPayee } from '../domain/known-payee.ts';

export type Needs = {
  readonly numbers: {
    open(accountId: string, sealed: string): string;
    encrypt(accountId: string, number: string): string;
  };
  readonly payees: {
    keepHighest(payees: readonly KnownPayee[], accounts: readonly KnownAccount[]): Promise<void>;
    thaw(heard: readonly { accountId: string; version: number; status: string }[]): Promise<void>;
  };
};

/** Remembers who may be paid and where to; of several versions of a payee the highest counts, in whatever order they come. */
export async function recordPayees(
  { numbers, payees }: Needs,
  changed: readonly ChangedPayee[],
): Promise<void> {
  const highest = new Map<string, ChangedPayee>();
  for (const payee of changed) {
    if ((highest.get(payee.payeeId)?.version ?? 0) < payee.version) highest.set(payee.payeeId, payee);
  }
  const kept = [...highest.values()];
  const accounts = kept.flatMap((payee) =>
    payee.account ? [knownAccount(numbers, payee, payee.account)] : [],
  );
  await payees.keepHighest(
    kept.map(({ account, address: _, ...payee }) => ({
      ...payee,
      ...(account && { accountId: account.accountId }),
    })),
    accounts,
  );
  await payees.thaw(
    changed.flatMap(({ version, account }) =>
      account ? [{ accountId: account.accountId, version, status: account.status }] : [],
    ),
  );
}

function knownAccount(
  numbers: Needs['numbers'],
  { payeeId, version }: ChangedPayee,
  { sealedNumber, ...account }: PayeeAccount,
): KnownAccount {
  const { accountId } = account;
  const number = parseAccountNumber(numbers.open(accountId, sealedNumber));
  if (!number.ok) throw new CannotProceed('account.number-unusable', { accountId, problem: number.problem });
  if (!parseRoutingNumber(account.routingNumber).ok)
    throw new CannotProceed('account.routing-unusable', { accountId });
  return { ...account, payeeId, version, encryptedNumber: numbers.encrypt(accountId, number.value) };
}
