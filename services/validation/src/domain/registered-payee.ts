import { remitflowNamespace, uuidV5 } from '@remitflow/kernel';
import type { AccountStatus, PayeeStatus } from './payee.ts';
import type { Address, PayeeRegistration } from './payee-registration.ts';

/** A registration with its ids, its account number unreadable: what may be stored. */
export type PayeeToStore = Omit<PayeeRegistration, 'accountNumber' | 'routingNumber' | 'accountType'> & {
  readonly payeeId: string;
  readonly contractId: string;
  readonly account: ProtectedAccount;
};

export type ProtectedAccount = {
  /** Follows from payee, routing number, number and type: other details are another account. */
  readonly accountId: string;
  readonly routingNumber: string;
  readonly accountType: 'checking' | 'savings';
  readonly numberEncrypted: string;
  readonly numberIndex: string;
  readonly lastDigits: string;
};

/** What is on file about a payee, as far as a registration can change it. */
export type StoredPayee = {
  readonly payeeId: string;
  /** 0 while it is being registered for the first time. */
  readonly version: number;
  readonly taxId: string;
  readonly name: string;
  readonly address: Address | null;
  readonly accountId: string | null;
  readonly contractIds: readonly string[];
};

/** A payee as other services are told of it, its account number still encrypted. */
export type PayeeSnapshot = {
  readonly payeeId: string;
  readonly version: number;
  readonly npi: string;
  readonly taxId: string;
  readonly name: string;
  readonly status: PayeeStatus;
  readonly address: Address | null;
  readonly account: {
    readonly accountId: string;
    readonly routingNumber: string;
    readonly accountType: 'checking' | 'savings';
    readonly lastDigits: string;
    readonly status: AccountStatus;
    readonly numberEncrypted: string;
  };
};

export const payeeIdOf = (npi: string): string => uuidV5(remitflowNamespace, `payee/${npi}`);

/** The terms are part of the id: a contract never changes, another one takes its place. */
export function contractIdOf(
  payeeId: string,
  { contractFrom, contractTo, terms }: Pick<PayeeRegistration, 'contractFrom' | 'contractTo' | 'terms'>,
): string {
  const price =
    terms.pricing === 'percent' ? `percent/${terms.basisPoints}` : `fee-schedule/${terms.feeSchedule}`;
  return uuidV5(payeeId, `contract/${contractFrom}/${contractTo ?? ''}/${price}`);
}

/** Whether the registration says anything that is not on file already. */
export const isNews = (wanted: PayeeToStore, stored: StoredPayee): boolean =>
  stored.version === 0 ||
  stored.taxId !== wanted.taxId ||
  stored.name !== wanted.name ||
  addressText(stored.address) !== addressText(wanted.address) ||
  stored.accountId !== wanted.account.accountId ||
  !stored.contractIds.includes(wanted.contractId);

const addressText = (address: Address | null | undefined): string =>
  address ? [address.line1, address.city, address.state, address.zip].join('\n') : '';
