import { factBytesMax, itemsPerFactMax, RequestsSubmitted } from '@remitflow/contracts';
import { BrokenInvariant, dayOf } from '@remitflow/kernel';
import { PartCutter } from '../domain/part-cutter.ts';
import { partSizeMax } from '../domain/part-size.ts';
import { requestIdOf } from '../domain/request-id.ts';
import type { FileFailure, ReadBatch, ReadRequest } from '../domain/request.ts';
import { submittedRequest } from '../domain/submitted-request.ts';
import type { Submission } from '../domain/submission.ts';
import {
  checkSubmission,
  type Needs as CheckingNeeds,
  type Work as CheckingWork,
} from './check-submission.ts';

type Work = CheckingWork & {
  readonly submissions: {
    advance(submissionId: string, to: { part: number; positions: number; bytesRead: number }): Promise<void>;
    finish(submissionId: string, finishedAt: Date): Promise<void>;
  };
  readonly requests: {
    addAll(
      submissionId: string,
      requests: readonly (ReadRequest & { readonly requestId: string })[],
      submittedAt: Date,
    ): Promise<void>;
  };
};

export type Needs = Omit<CheckingNeeds, 'work'> & {
  readonly read: (submission: Submission) => AsyncIterable<ReadBatch>;
  readonly work: <T>(perform: (work: Work) => Promise<T>) => Promise<T>;
  /** Resolves once the outbox has room for more. */
  readonly room: () => Promise<void>;
  readonly now: () => Date;
};

/**
 * Reads a file twice: first as a whole, so that a failed file yields no request at all, then into parts of which each
 * is stored, counted and said in one transaction. Ended by the signal between two parts, it goes on behind the last
 * one that was stored.
 */
export async function parseSubmission(
  needs: Needs,
  submission: Submission,
  signal: AbortSignal,
): Promise<void> {
  const found = submission.checked
    ? (submission.requestsFound ?? Infinity)
    : await checkSubmission(needs, submission, signal);
  if (found === undefined) return;
  const parts = new Parts(needs, submission);
  let said: Promise<void> = Promise.resolve();
  try {
    for await (const step of stepsOf(needs.read(submission), { said: submission.positions, found }, signal)) {
      await said;
      if (step.failure) return await misread(needs, submission, step.failure);
      await needs.room();
      if (signal.aborted) return;
      said = parts.say(step);
      said.catch(() => undefined); // the next part is read meanwhile; then it is thrown
    }
  } finally {
    await said;
  }
}

/** The file was in order when it was checked, so the fault is ours: it does not fail the file. */
async function misread(needs: Needs, submission: Submission, { code }: FileFailure): Promise<never> {
  await needs.verify(submission);
  throw new BrokenInvariant('submission.misread', { submissionId: submission.submissionId, failure: code });
}

type Step = {
  readonly requests: readonly ReadRequest[];
  readonly isLast: boolean;
  readonly failure?: FileFailure;
};

/** The parts that are still to be said, behind those that are; none any more once the signal is given. */
async function* stepsOf(
  batches: AsyncIterable<ReadBatch>,
  { said, found }: { readonly said: number; readonly found: number },
  signal: AbortSignal,
): AsyncGenerator<Step> {
  const requestsMax = (before: number): number =>
    partSizeMax(before, { count: found, most: itemsPerFactMax });
  const cutter = new PartCutter({ requestsMax, bytesMax: factBytesMax });
  let seen = 0;
  for await (const batch of batches) {
    if (signal.aborted) return;
    seen += batch.count;
    const requests = seen > said ? batch.requests().filter(({ position }) => position > said) : [];
    for (const request of requests) {
      const full = cutter.add(request);
      if (full) yield { requests: full, isLast: false };
    }
    if (batch.failure) return yield { requests: [], isLast: true, failure: batch.failure };
  }
  yield { requests: cutter.rest(), isLast: true };
}

class Parts {
  #part: number;

  constructor(
    private readonly needs: Needs,
    private readonly submission: Submission,
  ) {
    this.#part = submission.parts;
  }

  async say({ requests, isLast }: Step): Promise<void> {
    const { needs, submission } = this;
    this.#part += 1;
    await needs.work(async (work) => {
      if (requests.length > 0) await this.#store(work, requests);
      if (isLast) await work.submissions.finish(submission.submissionId, needs.now());
    });
  }

  async #store(work: Work, read: readonly ReadRequest[]): Promise<void> {
    const { submissionId, receivedAt } = this.submission;
    const part = this.#part;
    const last = read.at(-1)!;
    const bytesRead = last.byteOffset + last.byteLength;
    const requests = read.map(({ position, request, byteOffset, byteLength, ordinal, places }) => {
      const requestId = requestIdOf(submissionId, position);
      return { requestId, position, request, byteOffset, byteLength, ordinal, places };
    });
    await work.submissions.advance(submissionId, { part, positions: last.position, bytesRead });
    await work.requests.addAll(submissionId, requests, this.needs.now());
    work.outbox.add(
      RequestsSubmitted,
      {
        ...{ submissionId, part, receivedOn: dayOf(receivedAt) },
        requests: requests.map(({ requestId, position, request }) =>
          submittedRequest(requestId, position, request),
        ),
      },
      { key: `${submissionId}/${part}`, correlationId: submissionId },
    );
  }
}
