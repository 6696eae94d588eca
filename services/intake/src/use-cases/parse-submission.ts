import { factBytesMax, itemsPerFactMax, RequestsSubmitted } from '@remitflow/contracts';
import { dayOf, uuidV5 } from '@remitflow/kernel';
import { PartCutter } from '../domain/part-cutter.ts';
import type { ReadBatch, ReadRequest } from '../domain/request.ts';
import type { Submission } from '../domain/submission.ts';
import {
  checkSubmission,
  type Needs as CheckingNeeds,
  type Work as CheckingWork,
} from './check-submission.ts';
import { failSubmission } from './fail-submission.ts';

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
  if (!submission.checked && !(await checkSubmission(needs, submission, signal))) return;
  const parts = new Parts(needs, submission);
  const cutter = new PartCutter({ requestsMax: itemsPerFactMax, bytesMax: factBytesMax });
  let seen = 0;
  for await (const batch of needs.read(submission)) {
    seen += batch.count;
    const isNew = seen > submission.positions;
    for (const request of isNew ? batch.requests() : []) {
      if (request.position <= submission.positions) continue;
      const full = cutter.add(request);
      if (!full) continue;
      await needs.room();
      if (signal.aborted) return;
      await parts.say(full);
    }
    if (batch.failure) {
      const { failure } = batch;
      return needs.work((work) => failSubmission(work, { submission, failure, now: needs.now() }));
    }
  }
  if (signal.aborted) return;
  await parts.sayLast(cutter.rest());
}

class Parts {
  #part: number;

  constructor(
    private readonly needs: Needs,
    private readonly submission: Submission,
  ) {
    this.#part = submission.parts;
  }

  async say(requests: readonly ReadRequest[]): Promise<void> {
    this.#part += 1;
    await this.needs.work((work) => this.#store(work, requests));
  }

  async sayLast(requests: readonly ReadRequest[]): Promise<void> {
    const { submissionId } = this.submission;
    this.#part += 1;
    await this.needs.work(async (work) => {
      if (requests.length > 0) await this.#store(work, requests);
      await work.submissions.finish(submissionId, this.needs.now());
    });
  }

  async #store(work: Work, read: readonly ReadRequest[]): Promise<void> {
    const { submissionId, receivedAt } = this.submission;
    const part = this.#part;
    const last = read.at(-1)!;
    const bytesRead = last.byteOffset + last.byteLength;
    const requests = read.map((one) => ({ ...one, requestId: uuidV5(submissionId, String(one.position)) }));
    await work.submissions.advance(submissionId, { part, positions: last.position, bytesRead });
    await work.requests.addAll(submissionId, requests, this.needs.now());
    work.outbox.add(
      RequestsSubmitted,
      {
        ...{ submissionId, part, receivedOn: dayOf(receivedAt) },
        requests: requests.map(({ requestId, position, request }) => ({ requestId, position, ...request })),
      },
      { key: `${submissionId}/${part}`, correlationId: submissionId },
    );
  }
}
