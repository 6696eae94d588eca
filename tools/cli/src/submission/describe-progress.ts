import type { Submission, Wait } from './submission.ts';

/** What is known of a service from outside. */
export type Condition = {
  readonly name: string;
  readonly ready: boolean;
  /** Why it is not ready; absent when it does not even answer. */
  readonly reason?: string;
};

/** What could hold a submission up, looked at while it does not move. */
export type Pipeline = {
  /** The processes of the services that must act before a request is decided. */
  readonly conditions: readonly Condition[];
  /** Files that came in before and are not read to their end. */
  readonly filesBefore: number;
};

/** One line: bytes read, requests found, requests decided. */
export function describeProgress({ bytes, bytesRead, received, decided }: Submission): string {
  const read = bytesRead < bytes ? `read ${megabytes(bytesRead)} of ${megabytes(bytes)} MB` : 'read';
  return `${read} · ${count(received)} requests found · ${count(decided)} decided`;
}

/** Why a submission does not move, as far as it can be known from outside. */
export function describeWait(
  submission: Pick<Submission, 'status' | 'received' | 'decided' | 'trouble' | 'waitsFor'>,
  { conditions, filesBefore }: Pipeline,
): string {
  const absent = conditions.filter(({ ready }) => !ready).map(describeCondition);
  const why = absent.length > 0 ? ` (${absent.join('; ')})` : '';
  const said: Wait | undefined = submission.trouble ?? submission.waitsFor;
  if (said) return `${said.message}${why}`;
  if (submission.status === 'received' && filesBefore > 0)
    return `waits until ${count(filesBefore)} earlier ${filesBefore === 1 ? 'file is' : 'files are'} read${why}`;
  const undecided = submission.received - submission.decided;
  if (undecided > 0) return `waits for validation to decide ${count(undecided)} requests${why}`;
  return `waits for intake to read the file${why}`;
}

const describeCondition = ({ name, reason }: Condition): string =>
  reason === undefined ? `${name} does not answer` : `${name} is not ready: ${reason}`;

export const megabytes = (bytes: number): string =>
  (bytes / 1_000_000).toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

const count = (number: number): string => number.toLocaleString('en-US');
