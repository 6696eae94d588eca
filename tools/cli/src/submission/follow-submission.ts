import { serviceProcesses } from '../instance/instance.ts';
import type { Output } from '../output.ts';
import { askAt, call, watch, type Until } from '../service-client.ts';
import { describeProgress, describeWait, type Condition, type Pipeline } from './describe-progress.ts';
import type { Submission } from './submission.ts';

export const findSubmission = (submissionId: string): Promise<Submission> =>
  call<Submission>('intake', `/submissions/${encodeURIComponent(submissionId)}`);

/** Shows how a submission goes, and what it waits for, until every request of it is decided. */
export async function untilDecided(submissionId: string, output: Output): Promise<Submission> {
  const line = output.statusLine();
  let shown = 'submitted';
  try {
    return await watch(() => findSubmission(submissionId), {
      what: 'every request is decided',
      on: (seen) => {
        shown = describeProgress(seen);
        if (seen.done) line.show(shown);
      },
      still: async (seen) =>
        seen ? describeWait(seen, await lookAtPipeline(seen)) : 'intake does not answer',
      done: (seen) => seen.done,
      each: (waits) => line.show(waits ? `${shown} · ${waits}` : shown),
      nextAction: lookAgain(submissionId),
    });
  } finally {
    line.stop();
  }
}

/** A cycle that is closed next must find every approved request, and explain every denied one. */
export async function untilHeard(
  { submissionId, approved, denied }: Submission,
  output: Output,
): Promise<void> {
  const line = output.statusLine();
  const until = (what: string): Pick<Until<unknown>, 'what' | 'still' | 'each' | 'nextAction'> => ({
    what,
    still: () => Promise.resolve(`waits until ${what}`),
    each: (waits: string | undefined) => {
      if (waits) line.show(waits);
    },
    nextAction: lookAgain(submissionId),
  });
  try {
    await watch(() => call<{ payables: number }>('payout', `/submissions/${submissionId}/payables`), {
      ...until('payout knows every approved request'),
      done: (seen) => seen.payables >= approved,
    });
    await watch(() => call<{ denied: number }>('remittance', `/submissions/${submissionId}/denials`), {
      ...until('remittance knows every denied request'),
      done: (seen) => seen.denied >= denied,
    });
  } finally {
    line.stop();
  }
}

export const lookAgain = (submissionId: string): string =>
  `It goes on by itself. Look again with \`npx remitflow submissions show ${submissionId} --watch\`.`;

async function lookAtPipeline({ submissionId }: Submission): Promise<Pipeline> {
  const deciders = [...serviceProcesses('intake'), ...serviceProcesses('validation')];
  const [conditions, newest] = await Promise.all([
    Promise.all(deciders.map(conditionOf)),
    call<Submission[]>('intake', '/submissions?limit=100').catch(() => []),
  ]);
  const earlier = newest.slice(newest.findIndex((one) => one.submissionId === submissionId) + 1);
  const unread = earlier.filter(({ status }) => status === 'received' || status === 'parsing');
  return { conditions, filesBefore: unread.length };
}

async function conditionOf({ name, url }: { name: string; url: string }): Promise<Condition> {
  try {
    const { body } = await askAt<{ ready: boolean; reason?: string }>(`${url}/health/ready`, lookTimeoutMs);
    return { name, ready: body.ready, ...(body.reason ? { reason: body.reason } : {}) };
  } catch {
    return { name, ready: false };
  }
}

const lookTimeoutMs = 1_000;
