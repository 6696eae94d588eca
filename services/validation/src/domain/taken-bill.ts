import type { Bill } from './bill.ts';

/** A bill that was taken, and the request that it was first seen in. */
export type TakenBill = {
  readonly bill: Bill;
  readonly requestId: string;
  readonly submissionId: string;
  readonly claimId: string;
};
