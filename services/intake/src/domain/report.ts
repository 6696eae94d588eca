import type { Finding } from './finding.ts';
import { locate, type Located } from './places.ts';
import { progressOf, type Progress } from './progress.ts';
import { paidCentsOf, tallyBilled, tallyRequests, type StatusCount, type Tally } from './status.ts';
import type { Submission } from './submission.ts';

/** The File Summary Report but for its rejections, which may be many and follow one by one. */
export type ReportHead = Pick<
  Progress,
  'submissionId' | 'status' | 'format' | 'bytes' | 'sha256' | 'receivedAt' | 'done'
> & {
  readonly fileName?: string;
  readonly failure?: Submission['failure'];
  readonly counts: Tally;
  /** Billed, by the same keys as the counts. */
  readonly cents: Tally;
  readonly billedCents: number;
  /** Approved to be paid, or paid. */
  readonly paidCents: number;
};

/** One thing wrong with one request: a request with three faults has three. */
export type RejectionLine = Located & {
  readonly requestId: string;
  readonly position: number;
  readonly claimId: string;
  readonly billedCents?: number;
  readonly ruleId: string;
  readonly ruleVersion: string;
  readonly field?: string;
  readonly message: string;
  readonly duplicateOf?: string;
};

export type RejectedRequest = {
  readonly requestId: string;
  readonly position: number;
  readonly claimId: string;
  readonly kind: string;
  readonly billedCents: number | null;
  readonly byteOffset: number;
  readonly ordinal: number | null;
  readonly places: unknown;
  readonly findings: readonly Finding[];
};

export function reportHead(submission: Submission, counts: readonly StatusCount[]): ReportHead {
  const { submissionId, status, format, fileName, bytes, sha256, receivedAt, done, failure } = progressOf(
    submission,
    counts,
  );
  const cents = tallyBilled(counts);
  return {
    ...{ submissionId, status, format, fileName, bytes, sha256, receivedAt, done, failure },
    counts: tallyRequests(counts),
    cents,
    billedCents: cents.received,
    paidCents: paidCentsOf(counts),
  };
}

export function rejectionLines(rejected: RejectedRequest): RejectionLine[] {
  const { requestId, position, claimId, billedCents } = rejected;
  return rejected.findings.map((finding) => ({
    ...{ requestId, position, claimId },
    ...(billedCents === null ? {} : { billedCents }),
    ...finding,
    ...locate({ ...rejected, ordinal: rejected.ordinal ?? undefined }, finding),
  }));
}
