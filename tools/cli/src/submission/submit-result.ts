import { exitCodes } from '../cli-error.ts';
import { call } from '../service-client.ts';
import type { Output } from '../output.ts';
import { untilDecided, untilHeard } from './follow-submission.ts';
import type { Rejection, Report } from './submission.ts';

export type SubmitResult = {
  submissionId: string | null;
  status: 'received' | 'done' | 'failed' | 'duplicate';
  duplicateOf?: string;
  /** Which submission it repeats, and what became of that one. */
  message?: string;
  failure?: { code: string; message: string; byteOffset?: number };
  received?: number;
  approved?: number;
  held?: number;
  rejected?: number;
  denied?: number;
  rejections?: readonly Rejection[];
};

/** Waits until every request of a submission is decided and its hearers know. */
export async function followToResult(submissionId: string, output: Output): Promise<SubmitResult> {
  const submission = await untilDecided(submissionId, output);
  const { received, approved, held, rejected, denied, failure } = submission;
  const counts = { received, approved, held, rejected, denied };
  const { rejections } = await call<Report>('intake', `/submissions/${submissionId}/report`);
  if (failure) return { submissionId, status: 'failed', failure, ...counts, rejections };
  await untilHeard(submission, output);
  return { submissionId, status: 'done', ...counts, rejections };
}

export function exitCodeOf({ status }: SubmitResult): number {
  if (status === 'failed') return exitCodes.fileFailed;
  return status === 'duplicate' ? exitCodes.duplicate : exitCodes.ok;
}
