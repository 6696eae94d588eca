import type { Output } from '../output.ts';
import { lookAgain } from './follow-submission.ts';
import type { Rejection } from './submission.ts';
import type { SubmitResult } from './submit-result.ts';

/** What became of a file, for people. */
export function describeResult(result: SubmitResult, output: Output): void {
  switch (result.status) {
    case 'duplicate':
      return output.line(`${result.message} Nothing was done.`);
    case 'failed':
      return describeFailure(result.failure, output);
    case 'received':
      output.line(`Submission ${result.submissionId}`);
      return output.line(lookAgain(result.submissionId!));
    case 'done':
      return describeOutcome(result, output);
  }
}

function describeFailure(failure: SubmitResult['failure'], output: Output): void {
  output.line(`The file cannot be used: ${failure?.message ?? 'no reason given'}`);
  if (failure?.byteOffset !== undefined) output.line(`  at byte ${failure.byteOffset}`);
  output.line('Mend it at the source and send it again; nothing of it was taken.');
}

function describeOutcome(result: SubmitResult, output: Output): void {
  const { received = 0, approved = 0, held = 0, rejected = 0, denied = 0 } = result;
  output.line(`Submission ${result.submissionId}`);
  output.table(
    ['received', 'approved', 'held', 'rejected', 'denied'],
    [[received, approved, held, rejected, denied]],
  );
  describeRejections(result.rejections ?? [], output);
}

function describeRejections(rejections: readonly Rejection[], output: Output): void {
  if (rejections.length === 0) return;
  output.line();
  output.line(`  Rejected, to be mended by the provider:`);
  for (const one of rejections.slice(0, rejectionsShownMax)) {
    const place = one.byteOffset === null ? '' : ` (byte ${one.byteOffset})`;
    output.line(`  ${one.claimId || '(no claim id)'}: ${one.message}${place} [${one.ruleId}]`);
  }
  if (rejections.length > rejectionsShownMax)
    output.line(`  … and ${rejections.length - rejectionsShownMax} more`);
}

const rejectionsShownMax = 20;
