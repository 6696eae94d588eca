import { placeInIsa } from '../domain/peek-interchange.ts';
import type { FileFailure, Interchange, SurveyedBatch } from '../domain/request.ts';
import type { Submission } from '../domain/submission.ts';
import { failSubmission, type Work as FailingWork } from './fail-submission.ts';

export type Work = FailingWork & {
  readonly submissions: {
    startParsing(
      submissionId: string,
      found: { usage: 'P' | 'T' | undefined; requests: number },
    ): Promise<void>;
    takeInterchanges(
      submissionId: string,
      interchanges: readonly Interchange[],
    ): Promise<{ sender: string; controlNumber: string; duplicateOf: string } | undefined>;
  };
};

export type Needs = {
  readonly survey: (submission: Submission) => AsyncIterable<SurveyedBatch>;
  /** Throws when the stored bytes are not those that were received. */
  readonly verify: (submission: Submission) => Promise<void>;
  readonly work: <T>(perform: (work: Work) => Promise<T>) => Promise<T>;
  readonly testFiles: 'accept' | 'refuse';
  readonly now: () => Date;
};

/**
 * Reads a file to its end without saying anything of it. Gives the number of its requests when it is in order; otherwise
 * it has failed, or the signal was given.
 */
export async function checkSubmission(
  needs: Needs,
  submission: Submission,
  signal: AbortSignal,
): Promise<number | undefined> {
  const interchanges: Interchange[] = [];
  let count = 0;
  let failure: FileFailure | undefined;
  for await (const batch of needs.survey(submission)) {
    if (signal.aborted) return undefined;
    interchanges.push(...(batch.interchanges ?? []));
    count += batch.count;
    failure = batch.failure ?? wrongInterchanges(interchanges, needs.testFiles);
    if (failure) break;
  }
  if (signal.aborted) return undefined;
  failure ??= count === 0 ? noRequests : undefined;
  if (failure) await needs.verify(submission);
  const found = { submission, interchanges, count, failure, now: needs.now() };
  return needs.work((work) => conclude(work, found));
}

type Found = {
  readonly submission: Submission;
  readonly interchanges: readonly Interchange[];
  readonly count: number;
  readonly failure?: FileFailure;
  readonly now: Date;
};

async function conclude(work: Work, found: Found): Promise<number | undefined> {
  const { submission, interchanges, count, now } = found;
  const failure = found.failure ?? (await takenBefore(work, submission, interchanges));
  if (failure) {
    await failSubmission(work, { submission, failure, now });
    return undefined;
  }
  await work.submissions.startParsing(submission.submissionId, {
    usage: usageOf(interchanges),
    requests: count,
  });
  return count;
}

async function takenBefore(
  { submissions }: Work,
  { submissionId }: Submission,
  interchanges: readonly Interchange[],
): Promise<FileFailure | undefined> {
  const taken = interchanges.length > 0 && (await submissions.takeInterchanges(submissionId, interchanges));
  if (!taken) return undefined;
  const repeated = interchanges.find(
    ({ sender, controlNumber }) => sender === taken.sender && controlNumber === taken.controlNumber,
  );
  return {
    code: 'interchange.duplicate',
    message: `Interchange control number ${taken.controlNumber} (ISA13) of this sender was submitted before, in another file.`,
    ...(repeated ? placeInIsa(repeated, 13) : {}),
    duplicateOf: taken.duplicateOf,
  };
}

function wrongInterchanges(interchanges: readonly Interchange[], testFiles: string): FileFailure | undefined {
  const test = interchanges.find(({ usage }) => usage === 'T');
  if (testFiles === 'refuse' && test) {
    const message = 'The file is marked as a test (ISA15 is T); only production files are taken here.';
    return { code: 'interchange.test-file', message, ...placeInIsa(test, 15) };
  }
  if (interchanges.length <= interchangesMax) return undefined;
  const message = `The file holds more than ${interchangesMax} interchanges: send it in several files.`;
  const { byteOffset } = interchanges[interchangesMax]!;
  return { code: 'interchange.too-many', message, segment: 'ISA', byteOffset };
}

const usageOf = (interchanges: readonly Interchange[]): 'P' | 'T' | undefined =>
  interchanges.some(({ usage }) => usage === 'T') ? 'T' : interchanges[0]?.usage;

const noRequests: FileFailure = {
  code: 'submission.no-requests',
  message: 'The file holds no claim at all.',
};

/** They are all remembered while the file is checked. */
const interchangesMax = 10_000;
