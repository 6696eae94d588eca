import type { Submission } from '../domain/submission.ts';
import type { Trouble } from '../domain/trouble.ts';

export type Work = {
  readonly submissions: {
    noteTrouble(submissionId: string, trouble: Trouble, nextTryAt: Date): Promise<void>;
  };
};

/** Remembers why a submission is not read on for now, and when it is tried again. */
export async function noteTrouble(
  { submissions }: Work,
  { submissionId }: Submission,
  found: { readonly trouble: Trouble; readonly waitMs: number; readonly now: Date },
): Promise<void> {
  const nextTryAt = new Date(found.now.getTime() + found.waitMs);
  await submissions.noteTrouble(submissionId, found.trouble, nextTryAt);
}
