import { exitCodes } from '../cli-error.ts';
import type { Output } from '../output.ts';
import { call } from '../service-client.ts';
import { describeProgress } from '../submission/describe-progress.ts';
import { describeResult } from '../submission/describe-result.ts';
import { findSubmission, lookAgain } from '../submission/follow-submission.ts';
import type { Submission } from '../submission/submission.ts';
import { exitCodeOf, followToResult } from '../submission/submit-result.ts';
import { unlessInterrupted } from '../submission/unless-interrupted.ts';

export async function listSubmissions(limit: number, output: Output): Promise<number> {
  const rows = await call<Submission[]>('intake', `/submissions?limit=${limit}`);
  output.result(rows, () => {
    if (rows.length === 0)
      return output.line('No submissions. Submit a file with `npx remitflow submit FILE --watch`.');
    output.table(
      ['submission', 'file', 'status', 'requests', 'decided'],
      rows.map((row) => [row.submissionId, row.fileName ?? '', row.status, row.received, row.decided]),
    );
  });
  return exitCodes.ok;
}

/** How far a submission is; watching, until every request of it is decided. */
export async function showSubmission(
  submissionId: string,
  options: { watch: boolean },
  output: Output,
): Promise<number> {
  if (options.watch) {
    const message = `No longer watched. ${lookAgain(submissionId)}`;
    const result = await unlessInterrupted(followToResult(submissionId, output), output, () => ({
      submissionId,
      message,
    }));
    output.result(result, () => describeResult(result, output));
    return exitCodeOf(result);
  }
  const submission = await findSubmission(submissionId);
  output.result(submission, () => describe(submission, output));
  return submission.status === 'failed' ? exitCodes.fileFailed : exitCodes.ok;
}

function describe(submission: Submission, output: Output): void {
  const { submissionId, status, approved, held, rejected, denied, failure, trouble, waitsFor } = submission;
  output.line(`Submission ${submissionId}: ${status}`);
  output.line(`  ${describeProgress(submission)}`);
  const because = failure ?? trouble ?? waitsFor;
  if (because) output.line(`  ${because.message}`);
  output.table(['approved', 'held', 'rejected', 'denied'], [[approved, held, rejected, denied]]);
}
