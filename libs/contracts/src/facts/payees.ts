import { defineFact, itemsPerFactMax } from '../define-fact.ts';
import { Count, Id, OneOf, Optional, Part, Parts, Text } from '../fields.ts';

export const payeeStatuses = ['active', 'suspended', 'closed'] as const;
export type PayeeStatus = (typeof payeeStatuses)[number];

export const accountStatuses = ['active', 'suspended', 'closed'] as const;
export type AccountStatus = (typeof accountStatuses)[number];

export const accountTypes = ['checking', 'savings'] as const;
export type AccountType = (typeof accountTypes)[number];

export class PayeeAddress {
  @Text(55) line1: string;
  @Optional() @Text(55) line2?: string;
  @Text(30) city: string;
  @Text(2, 2) state: string;
  @Text(15) zip: string;
}

/** A bank account, named by id; its number travels only sealed, and only payout can open it. */
export class PayeeAccount {
  @Id() accountId: string;
  @Text(9, 9) routingNumber: string;
  @OneOf(accountTypes) accountType: AccountType;
  @Text(4) lastDigits: string;
  @OneOf(accountStatuses) status: AccountStatus;
  /** The account number in a sealed box for payout's public key. */
  @Text(400) sealedNumber: string;
}

export class ChangedPayee {
  @Id() payeeId: string;
  /** Grows with every change; a hearer keeps the highest. */
  @Count(1) version: number;
  @Text(10, 10) npi: string;
  @Text(9, 9) taxId: string;
  @Text(120) name: string;
  @OneOf(payeeStatuses) status: PayeeStatus;
  @Optional() @Part(() => PayeeAddress) address?: PayeeAddress;
  @Optional() @Part(() => PayeeAccount) account?: PayeeAccount;
}

export class PayeesChangedBody {
  @Parts(() => ChangedPayee, { min: 1, max: itemsPerFactMax }) payees: ChangedPayee[];
}

/** Payees were registered, or something about them or their bank accounts changed. */
export const PayeesChanged = defineFact({
  type: 'payees.changed',
  major: 1,
  body: PayeesChangedBody,
  saidBy: ['validation'],
  heardBy: ['payout', 'remittance', 'audit'],
  items: 'payees',
  subject: (body) => body.payees[0]?.payeeId ?? '',
});
