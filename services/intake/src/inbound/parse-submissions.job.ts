import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { failureKind, MessagingRuntime, pause } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';
import { Clock, Job, LogPort } from '@remitflow/service';
import { IntakeConfig } from '../config.ts';
import type { Submission } from '../domain/submission.ts';
import { RawFiles } from '../outbound/raw-files.gateway.ts';
import { readSubmission } from '../outbound/submission-file.gateway.ts';
import { openWork, type Work } from '../outbound/work.ts';
import { failSubmission } from '../use-cases/fail-submission.ts';
import { parseSubmission } from '../use-cases/parse-submission.ts';

/** Reads what has come in, one submission after the other; each is read by one process at a time. */
@Injectable()
export class ParseSubmissionsJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #job: Job;

  constructor(
    private readonly runtime: MessagingRuntime,
    private readonly database: Database,
    private readonly files: RawFiles,
    private readonly config: IntakeConfig,
    private readonly clock: Clock,
    private readonly log: LogPort,
  ) {
    this.#job = new Job({ name: 'parse-submissions', everyMs, log }, (signal) => this.round(signal));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.files.sweep(this.clock.now());
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
    const waiting = await this.#work(({ submissions }) => submissions.toParse(submissionsPerRound));
    let parsed = 0;
    for (const { submissionId } of waiting) {
      if (signal.aborted) return false;
      const done = await this.database.whileLeading(`intake.parse/${submissionId}`, async () => {
        const submission = await this.#work(({ submissions }) => submissions.find(submissionId));
        if (submission && submission.status !== 'parsed' && submission.status !== 'failed') {
          await this.#parse(submission, signal);
        }
        return true;
      });
      if (done) parsed += 1;
    }
    return parsed > 0;
  }

  async #parse(submission: Submission, signal: AbortSignal): Promise<void> {
    const { receiverIds, testFiles } = this.config;
    const options = receiverIds.length > 0 ? { receiverIds } : {};
    const needs = {
      read: ({ format, path }: Submission) =>
        readSubmission({ format, source: this.files.read(path) }, options),
      work: <T>(perform: (work: Work) => Promise<T>) => this.#work(perform),
      room: () => this.#room(signal),
      now: () => this.clock.now(),
      testFiles,
    };
    try {
      await parseSubmission(needs, submission, signal);
    } catch (error) {
      if (failureKind(error) !== 'lasting') throw error;
      await this.#giveUp(submission, error);
    }
  }

  /** What can never succeed must not stop the next file. */
  async #giveUp(submission: Submission, error: unknown): Promise<void> {
    const { submissionId } = submission;
    this.log.error(
      { submissionId, stack: error instanceof Error ? error.stack : undefined },
      'submission cannot be read',
    );
    const message =
      'The file was stored but cannot be read because of a fault on our side; we have been told.';
    const failure = { code: 'submission.unreadable', message };
    await this.#work((work) => failSubmission(work, { submission, failure, now: this.clock.now() }));
  }

  async #room(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.runtime.backlog()).rows > this.config.outboxRowsMax) {
      await pause(roomCheckedEveryMs, signal);
    }
  }

  #work<T>(perform: (work: Work) => Promise<T>): Promise<T> {
    return this.runtime.work((unit) => perform(openWork(unit)));
  }
}

const everyMs = 1_000;
const submissionsPerRound = 10;
const roomCheckedEveryMs = 100;
