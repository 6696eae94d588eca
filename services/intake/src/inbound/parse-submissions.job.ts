import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { failureKind } from '@remitflow/messaging';
import { Job, LogPort } from '@remitflow/service';
import type { Submission } from '../domain/submission.ts';
import { readSubmission } from '../outbound/submission-file.gateway.ts';
import { failSubmission } from '../use-cases/fail-submission.ts';
import { parseSubmission } from '../use-cases/parse-submission.ts';
import { EdgeNeeds } from './edge-needs.ts';
import { ParsingTerms } from './parsing-terms.ts';

/** Reads what has come in, one submission after the other; each is read by one process at a time. */
@Injectable()
export class ParseSubmissionsJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #job: Job;

  constructor(
    private readonly needs: EdgeNeeds,
    private readonly terms: ParsingTerms,
    private readonly log: LogPort,
  ) {
    this.#job = new Job({ name: 'parse-submissions', everyMs, log }, (signal) => this.round(signal));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.needs.files.sweep(this.needs.now());
    this.#job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#job.close();
  }

  /** A submission has come in. */
  wake(): void {
    this.#job.wake();
  }

  /** True when there may be more to do. */
  async round(signal: AbortSignal): Promise<boolean> {
    const waiting = await this.needs.work(({ submissions }) => submissions.toParse(submissionsPerRound));
    let parsed = 0;
    for (const { submissionId } of waiting) {
      if (signal.aborted) return false;
      parsed += (await this.terms.alone(submissionId, () => this.#parse(submissionId, signal))) ?? 0;
    }
    return parsed > 0;
  }

  async #parse(submissionId: string, signal: AbortSignal): Promise<1> {
    const submission = await this.needs.work(({ submissions }) => submissions.find(submissionId));
    if (!submission || submission.status === 'parsed' || submission.status === 'failed') return 1;
    const { work, now, files } = this.needs;
    const { receiverIds, testFiles } = this.terms.config;
    const options = receiverIds.length > 0 ? { receiverIds } : {};
    const needs = {
      ...{ work, now, testFiles },
      read: ({ format, path }: Submission) => readSubmission({ format, source: files.read(path) }, options),
      room: () => this.terms.room(signal),
    };
    try {
      await parseSubmission(needs, submission, signal);
    } catch (error) {
      if (failureKind(error) !== 'lasting') throw error;
      await this.#giveUp(submission, error);
    }
    return 1;
  }

  /** What can never succeed must not stop the next file. */
  async #giveUp(submission: Submission, error: unknown): Promise<void> {
    const { submissionId } = submission;
    const { code, stack } = error as { code?: unknown; stack?: unknown };
    this.log.error({ submissionId, code, stack }, 'submission cannot be read');
    const message =
      'The file was stored but cannot be read because of a fault on our side; we have been told.';
    const failure = { code: 'submission.unreadable', message };
    await this.needs.work((work) => failSubmission(work, { submission, failure, now: this.needs.now() }));
  }
}

const everyMs = 1_000;
const submissionsPerRound = 10;
