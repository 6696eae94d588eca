import type { Cents, PlainDate } from '@remitflow/kernel';
import type { Bill } from './bill.ts';
import type { DecidedRequest } from './decided-request.ts';
import type { Finding } from './finding.ts';

export type Outcome = 'approved' | 'denied' | 'held' | 'rejected';

/** What the requests of one message have in common. */
export type Submission = { readonly submissionId: string; readonly receivedOn: PlainDate };

/** What was decided about one request, as it is kept. */
export type Decision = {
  readonly requestId: string;
  readonly claimId: string;
  readonly outcome: Outcome;
  readonly billedCents?: Cents;
  readonly findings: readonly Finding[];
  /** Absent when it was rejected: nothing was priced. */
  readonly decided?: DecidedRequest;
  /** The bill that it takes. */
  readonly bill?: Bill;
};

/** What a person decided about a held request. */
export type Review = { readonly reviewer: string; readonly note: string };

export type ReviewDecision = 'approve' | 'deny' | 'reject';

/** The outcome that a person's decision brings. */
export const outcomeOf = { approve: 'approved', deny: 'denied', reject: 'rejected' } as const;
