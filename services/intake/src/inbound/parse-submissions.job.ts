import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { backoffMs } from '@remitflow/messaging';
import { databaseTrouble } from '@remitflow/persistence';
import { Job, LogPort } from '@remitflow/service';
import type { Submission } from '../domain/submission.ts';
import { troubleOf } from '../domain/trouble.ts';
import { readSubmission, surveySubmission, type FileToRead } from '../outbound/submission-file.gateway.ts';
import { noteTrouble } from '../use-cases/note-trouble.ts';
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

  onApplicationBootstrap(): void {
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
    const waiting = await this.needs.work(({ submissions }) =>
      submissions.toParse(submissionsPerRound, this.needs.now()),
    );
    let parsed = 0;
    for (const { submissionId } of waiting) {
      if (signal.aborted) return false;
      parsed += (await this.terms.alone(submissionId, () => this.#parse(submissionId, signal))) ?? 0;
    }
    return parsed > 0;
  }

  async #parse(submissionId: string, signal: AbortSignal): Promise<0 | 1> {
    const submission = await this.needs.work(({ submissions }) => submissions.find(submissionId));
    if (!submission || submission.status === 'parsed' || submission.status === 'failed') return 1;
    const { work, now, files } = this.needs;
    const { receiverIds, testFiles } = this.terms.config;
    const options = receiverIds.length > 0 ? { receiverIds } : {};
    const toRead = (file: Submission): FileToRead => ({
      format: file.format,
      source: files.readWhole(file),
    });
    const needs = {
      ...{ work, now, testFiles },
      survey: (file: Submission) => surveySubmission(toRead(file), options),
      read: (file: Submission) => readSubmission(toRead(file), options),
      verify: (file: Submission) => files.verify(file),
      room: this.terms.room(signal),
    };
    try {
      await parseSubmission(needs, submission, signal);
      return 1;
    } catch (error) {
      if (databaseTrouble(error) === 'outage') throw error;
      await this.#waitWith(submission, error);
      return 0;
    }
  }

  /** Whatever it is, the fault is ours: the next file is read, and this one is tried again later. */
  async #waitWith(submission: Submission, error: unknown): Promise<void> {
    const { submissionId, tries = 0 } = submission;
    const { code, stack } = error as { code?: unknown; stack?: unknown };
    this.log.error({ submissionId, code, tries, stack }, 'submission cannot be read for now');
    const waitMs = backoffMs(tries, { firstMs: 500, mostMs: 60_000 });
    const found = { trouble: troubleOf(error), waitMs, now: this.needs.now() };
    await this.needs.work((work) => noteTrouble(work, submission, found));
  }
}

const everyMs = 1_000;
const submissionsPerRound = 10;
