/** A payee as payout needs to know it. */
export type KnownPayee = {
  readonly payeeId: string;
  readonly version: number;
  readonly npi: string;
  readonly taxId: string;
  readonly name: string;
  readonly status: string;
  readonly accountId?: string;
};

/** An account whose number is unreadable at rest. */
export type KnownAccount = {
  readonly accountId: string;
  readonly payeeId: string;
  readonly version: number;
  readonly routingNumber: string;
  readonly accountType: string;
  readonly lastDigits: string;
  readonly status: string;
  readonly encryptedNumber: string;
};
