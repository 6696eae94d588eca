import type { Format } from './declared-format.ts';
import type { FileFailure } from './request.ts';
import { countOf, tallyRequests, type StatusCount, type Tally } from './status.ts';
import type { Wait } from './room.ts';
import type { Submission, SubmissionStatus } from './submission.ts';
import type { Trouble } from './trouble.ts';

export type Progress = Tally & {
  readonly submissionId: string;
  readonly status: SubmissionStatus;
  readonly format: Format;
  readonly fileName?: string;
  readonly bytes: number;
  readonly bytesRead: number;
  readonly sha256: string;
  readonly usage?: 'P' | 'T';
  readonly receivedAt: string;
  readonly finishedAt?: string;
  /** Everything but what still waits for validation; held counts. */
  readonly decided: number;
  readonly scheduled: number;
  readonly paid: number;
  /** Explained in an 835. */
  readonly remitted: number;
  /** Read to its end, or failed, and every request decided. */
  readonly done: boolean;
  readonly failure?: FileFailure;
  /** A fault on our side that its reading waits for. */
  readonly trouble?: Trouble;
  /** Others that its reading waits for. */
  readonly waitsFor?: Wait;
};

/** How far a submission is, for people who wait for it. */
export function progressOf(submission: Submission, counts: readonly StatusCount[], wait?: Wait): Progress {
  const { submissionId, status, format, fileName, bytes, bytesRead, sha256, usage } = submission;
  const tally = tallyRequests(counts);
  const undecided = countOf(counts, ['submitted']);
  return {
    ...{ submissionId, status, format, fileName, bytes, bytesRead, sha256, usage },
    receivedAt: submission.receivedAt.toISOString(),
    finishedAt: submission.finishedAt?.toISOString(),
    ...tally,
    decided: tally.received - undecided,
    scheduled: countOf(counts, ['scheduled']),
    paid: countOf(counts, ['paid']),
    remitted: countOf(counts, ['paid', 'explained', 'reversed']),
    done: (status === 'parsed' || status === 'failed') && undecided === 0,
    failure: submission.failure,
    trouble: submission.trouble,
    ...(wait && status === 'parsing' ? { waitsFor: wait } : {}),
  };
}
