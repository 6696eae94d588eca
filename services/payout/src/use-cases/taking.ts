import type { PlainDate } from '@remitflow/kernel';
import type { Outbox, RuntimeLog } from '@remitflow/messaging';
import type { BankFileKind } from '../domain/bank-file.ts';
import type { AnsweredPayment } from '../domain/match-answers.ts';

export type DeliveredFile = {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
};

export type BookedAnswer = {
  readonly answerId: string;
  readonly kind: string;
  readonly state: string;
  readonly originalTrace: string;
  readonly code: string;
  readonly amountCents: number | null;
  readonly paymentId: string | null;
  readonly reason: string;
};

export type KeptNotice = {
  readonly noticeId: string;
  readonly paymentId: string;
  readonly accountId: string;
  readonly changeCode: string;
  readonly changes: readonly string[];
  readonly encryptedCorrection: string;
};

/** Why the originating bank did not take a file, in the terms of a return. */
export type FileRefusal = {
  readonly problems: readonly object[];
  readonly code: string;
  readonly reason: string;
  readonly on: PlainDate;
};

export type RefusedPayment = {
  readonly paymentId: string;
  readonly payeeId: string;
  readonly accountId: string;
  readonly amountCents: number;
  readonly traceNumber: string;
};

/** What one answer of the bank is taken with: one transaction. */
export type BankWork = {
  readonly outbox: Outbox;
  readonly payees: { freeze(accountIds: readonly string[], at: Date): Promise<void> };
  readonly bankAnswers: {
    addFile(file: {
      bankFileId: string;
      fileName: string;
      sha256: string;
      kind: BankFileKind;
    }): Promise<boolean>;
    leaveToPerson(bankFileId: string, problem: string): Promise<void>;
    sentFile(
      fileName: string,
    ): Promise<{ cycleId: string; sha256: string; state: string; isClosed: boolean } | undefined>;
    acceptFile(cycleId: string): Promise<void>;
    refuseFile(cycleId: string, refusal: FileRefusal): Promise<RefusedPayment[]>;
    paymentsWith(traces: readonly string[]): Promise<Map<string, AnsweredPayment>>;
    settle(paymentIds: readonly string[], settledOn: string): Promise<void>;
    takeBack(
      returns: readonly { paymentId: string; code: string; reason: string }[],
      returnedOn: string,
    ): Promise<void>;
    add(bankFileId: string, answers: readonly BookedAnswer[]): Promise<void>;
    addNotices(notices: readonly KeptNotice[], noticedOn: string): Promise<void>;
  };
};

export type TakingNeeds = {
  work<T>(perform: (work: BankWork) => Promise<T>): Promise<T>;
  readonly numbers: { encrypt(id: string, text: string): string };
  readonly log: RuntimeLog;
  now(): Date;
};
