import type { PlainDate } from '@remitflow/kernel';
import type { HeldBack } from './form-payments.ts';

/**
 * What has been done, durably, of closing a cycle: `formed` (payables claimed, payments numbered), `announced`
 * (payouts.scheduled said), `built` (file on disk, its hash in the database), `transmitting` (the file may be visible
 * to the bank), `closed` (payouts.sent and payouts.closed said), `abandoned` (by a person, before the file was visible).
 */
export type CycleStatus = 'formed' | 'announced' | 'built' | 'transmitting' | 'closed' | 'abandoned';

/** Why a cycle cannot be finished without a person. */
export type StuckCause = { readonly code: string; readonly message: string; readonly at: Date };

/** Whose money leaves through which bank; stored with every file. */
export type RailTerms = {
  readonly odfiRouting: string;
  readonly immediateDestination: string;
  readonly immediateDestinationName: string;
  readonly immediateOrigin: string;
  readonly immediateOriginName: string;
  readonly companyName: string;
  readonly companyId: string;
  readonly payerTaxId: string;
};

export type Cycle = {
  readonly cycleId: string;
  readonly status: CycleStatus;
  readonly payments: number;
  readonly requests: number;
  readonly amountCents: number;
  readonly announcedParts: number;
  /** The trace number of the last payment whose requests were announced; empty before the first. */
  readonly announcedUntil: string;
  /** The last request announced, when more of the same payment are to come; null when all of it was announced. */
  readonly announcedPartId: string | null;
  readonly sentParts: number;
  /** The trace number of the last payment that was said to be sent; empty before the first. */
  readonly sentUntil: string;
};

/** Who gives a cycle up, and why. */
export type Abandonment = { readonly cycleId: string; readonly note: string; readonly by: string };

/** What is open again. */
export type Released = { readonly payments: number; readonly requests: number; readonly cents: number };

export type NewCycle = {
  readonly cycleId: string;
  readonly cutOff?: Date;
  readonly reason: string;
  readonly formedAt: Date;
};

/** What a cycle pays and what it leaves. */
export type CycleSums = {
  readonly payments: number;
  readonly requests: number;
  readonly amountCents: number;
  readonly heldBack: HeldBack;
};

/** What a file says of its time. */
export type FileDates = {
  readonly createdOn: PlainDate;
  /** HHMM */
  readonly createdTime: string;
  readonly fileIdModifier: string;
  readonly effectiveDate: PlainDate;
};

export type CycleFile = FileDates & {
  readonly fileName: string;
  readonly terms: RailTerms;
  readonly entries: number;
  readonly amountCents: number;
};

export type StoredFile = CycleFile & { readonly sha256: string | null };

export type NewPayment = {
  readonly paymentId: string;
  readonly payeeId: string;
  readonly amountCents: number;
  readonly requestCount: number;
  readonly traceNumber: string;
  readonly entryLine: number;
  readonly receiverId: string;
  readonly receiverName: string;
};

type PaidAccount = {
  readonly trnReference: string;
  readonly accountId: string;
  readonly routingNumber: string;
  readonly accountType: 'checking' | 'savings';
  readonly lastDigits: string;
};

/** A payment with the account as it was when its cycle was formed. */
export type StoredPayment = NewPayment & PaidAccount & { readonly encryptedNumber: string };

/** A payment as others may know it. */
export type SentPayment = PaidAccount &
  Pick<NewPayment, 'paymentId' | 'payeeId' | 'amountCents' | 'requestCount' | 'traceNumber'>;

/** The next page begins behind this part of a payment; `partId` is null when nothing was announced. */
export type AnnouncedUntil = { readonly traceNumber: string; readonly partId: string | null };

export type AnnouncedRequest = {
  readonly requestId: string;
  readonly paymentId: string;
  readonly payeeId: string;
  readonly amountCents: number;
};

export type AnnouncedPage = {
  readonly requests: readonly AnnouncedRequest[];
  /** Absent when there are no requests. */
  readonly until?: AnnouncedUntil;
  readonly isLast: boolean;
};
