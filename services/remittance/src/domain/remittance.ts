import { remitflowNamespace, uuidV5, type PlainDate } from '@remitflow/kernel';
import type { Address } from '@remitflow/x12';
import type { DecidedClaim } from './claim-payment.ts';

export type RemittanceKind = 'payment' | 'denial' | 'reversal';

/** An 835 that has to be written. */
export type DueRemittance = {
  readonly remittanceId: string;
  readonly kind: RemittanceKind;
  readonly payeeId: string;
  readonly paymentId: string | null;
  readonly cycleId: string;
  /** Of the payment explained or reversed; 0 for a denial. */
  readonly amountCents: number;
  /** BPR16. */
  readonly effectiveDate: PlainDate;
};

/** The numbers and the time that make its file one and the same however often it is written. */
export type NumberedRemittance = DueRemittance & {
  /** ISA13. */
  readonly controlNumber: number;
  readonly issuedAt: Date;
  /** TRN02. */
  readonly trnReference: string;
  readonly fileName: string;
  /** How often it failed for a cause that nobody had foreseen. */
  readonly attempts: number;
};

/** What is left to do of a remittance that one process has taken, and what its file says beside claims. */
export type TakenRemittance = NumberedRemittance & {
  /** Its file is whole; its results have not all been said. */
  readonly isWritten: boolean;
  readonly payee: Payee | null;
  /** Absent for a denial. */
  readonly payment: SentPayment | null;
};

/** Claims that were heard together. */
export type DecidedPart = {
  readonly partId: string;
  /** Which claims of the part these are; null when they are all. */
  readonly places: readonly number[] | null;
  readonly claims: readonly DecidedClaim[];
};

/** Where the claims of a part stand in a file: bytes before them and number of the segment from 1, claim by claim. */
export type WrittenPart = {
  readonly partId: string;
  readonly places: readonly number[] | null;
  readonly paidCents: readonly number[];
  readonly byteOffsets: readonly number[];
  readonly segmentOrdinals: readonly number[];
};

/** Some thousand claims of a written 835, as much of it as one transaction says. */
export type WrittenPage = {
  /** How many facts say what is before it. */
  readonly factsBefore: number;
  readonly parts: readonly WrittenPart[];
  readonly results: readonly {
    readonly requestId: string;
    readonly claimId: string;
    readonly paidCents: number;
  }[];
};

export type Payee = {
  readonly payeeId: string;
  readonly npi: string;
  readonly taxId: string;
  readonly name: string;
  readonly address: Address | null;
};

/** The payment as it left for the bank. */
export type SentPayment = {
  readonly paymentId: string;
  readonly trnReference: string;
  readonly odfiRouting: string;
  readonly routingNumber: string;
  readonly accountType: 'checking' | 'savings';
  readonly lastDigits: string;
};

/** One 835 per payment, one reversal of it, one zero-pay 835 per payee and cycle: whoever makes the id makes the same. */
export const paymentRemittanceId = (paymentId: string): string =>
  uuidV5(remitflowNamespace, `remittance/${paymentId}`);
export const reversalRemittanceId = (paymentId: string): string =>
  uuidV5(remitflowNamespace, `remittance/${paymentId}/reversal`);
export const denialRemittanceId = (cycleId: string, payeeId: string): string =>
  uuidV5(remitflowNamespace, `remittance/${cycleId}/${payeeId}/denial`);

/** TRN02 of an 835 that no money belongs to: a number of its own (X12 RFI 1708, 2369). */
export const ownTrnReference = (kind: 'denial' | 'reversal', controlNumber: number): string =>
  `${kind === 'denial' ? 'D' : 'R'}${String(controlNumber).padStart(9, '0')}`;

/** Names the payee by NPI, the day and the trace: nothing personal. */
export const fileNameOf = (npi: string, effectiveDate: PlainDate, trnReference: string): string =>
  `${npi}.${effectiveDate.replaceAll('-', '')}.${trnReference.replaceAll(/[^A-Za-z0-9-]/g, '-')}.835`;
