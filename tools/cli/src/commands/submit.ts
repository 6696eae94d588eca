import type { Output } from '../output.ts';
import { describeResult } from '../submission/describe-result.ts';
import { lookAgain } from '../submission/follow-submission.ts';
import { exitCodeOf, followToResult, type SubmitResult } from '../submission/submit-result.ts';
import { upload } from '../submission/upload.ts';
import { unlessInterrupted } from '../submission/unless-interrupted.ts';

export async function submit(file: string, options: { watch: boolean }, output: Output): Promise<number> {
  let submissionId: string | undefined;
  const sending = submitFile(file, { ...options, taken: (id) => (submissionId = id) }, output);
  const result = await unlessInterrupted(sending, output, () =>
    submissionId === undefined
      ? { message: 'Interrupted while it was sent: nothing was submitted. Send it again.' }
      : { submissionId, message: `No longer watched. ${lookAgain(submissionId)}` },
  );
  output.result(result, () => describeResult(result, output));
  return exitCodeOf(result);
}

const nothing = { received: 0, approved: 0, held: 0, rejected: 0, denied: 0, rejections: [] };

/** Uploads a file and, when watching, waits until every request of it is decided and its hearers know. */
export async function submitFile(
  file: string,
  options: { watch: boolean; taken?: (submissionId: string) => void },
  output: Output,
): Promise<SubmitResult> {
  const uploaded = await upload(file, output);
  if (uploaded.status !== 'received') return { ...uploaded, ...nothing };
  const submissionId = uploaded.submissionId!;
  options.taken?.(submissionId);
  return options.watch ? followToResult(submissionId, output) : uploaded;
}
