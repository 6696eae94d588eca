import { SubmissionsFailed } from '@remitflow/contracts';
import type { Outbox } from '@remitflow/messaging';
import type { FileFailure } from '../domain/request.ts';
import { storableText } from '../domain/storable-text.ts';
import type { Submission } from '../domain/submission.ts';

export type Work = {
  readonly outbox: Outbox;
  readonly submissions: {
    fail(submissionId: string, failure: FileFailure, finishedAt: Date): Promise<number | undefined>;
    freeInterchanges(submissionId: string): Promise<void>;
  };
};

/** Ends a submission for good and says why; its interchanges may be sent again in a mended file. */
export async function failSubmission(
  { outbox, submissions }: Work,
  { submission, failure, now }: { submission: Submission; failure: FileFailure; now: Date },
): Promise<void> {
  const { submissionId } = submission;
  const { code, byteOffset } = failure;
  const message = storableText(failure.message, messageLengthMax);
  const requestsSubmitted = await submissions.fail(submissionId, { ...failure, message }, now);
  if (requestsSubmitted === undefined) return;
  await submissions.freeInterchanges(submissionId);
  outbox.add(
    SubmissionsFailed,
    { submissionId, code: code.slice(0, 60), message, byteOffset, requestsSubmitted },
    { key: submissionId, correlationId: submissionId },
  );
}

const messageLengthMax = 600;
