import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { MessagingRuntime, pause } from '@remitflow/messaging';
import { Clock, Job, LogPort } from '@remitflow/service';
import { payerOf, RemittanceConfig } from '../config.ts';
import { attemptsMax, waitMsAfter } from '../domain/attempts.ts';
import type { NumberedRemittance } from '../domain/remittance.ts';
import { causeOf, troubleOf } from '../outbound/issue-trouble.ts';
import { RemittanceFiles } from '../outbound/remittance-files.gateway.ts';
import { openWork } from '../outbound/work.ts';
import { issueRemittance } from '../use-cases/issue-remittance.ts';
import { makePaymentsDue, makeReversalsDue } from '../use-cases/make-due.ts';

/**
 * Writes and posts what is due, some at once. Each step is a transaction of its own and can be repeated: numbers are
 * stored before the file is written, the same numbers make the same file, and one process at a time has a remittance.
 */
@Injectable()
export class IssueJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  @Inject() private readonly runtime: MessagingRuntime;
  @Inject() private readonly clock: Clock;
  readonly #issuing: Job;
  readonly #jobs: readonly Job[];
  /** How often it has looked for what was expected; beyond {@link expectedAfterMs} it waits for the next round. */
  #looks: number = expectedAfterMs.length;
  readonly #files: RemittanceFiles;

  constructor(
    private readonly config: RemittanceConfig,
    private readonly log: LogPort,
  ) {
    this.#files = new RemittanceFiles(config.remittancesDir);
    this.#issuing = new Job({ name: 'issue', everyMs: issueEveryMs, log }, (signal) => this.#issue(signal));
    this.#jobs = [
      this.#issuing,
      new Job({ name: 'sweep', everyMs: sweepEveryMs, log }, () => this.#makeDue()),
    ];
  }

  onApplicationBootstrap(): void {
    for (const job of this.#jobs) job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#jobs.map((job) => job.close()));
  }

  /** Something becomes due with a transaction that is about to end: it is looked for until it is there. */
  expect(): void {
    this.#looks = 0;
    this.#issuing.wake();
  }

  async #issue(signal: AbortSignal): Promise<boolean> {
    const due = await this.runtime.work(async (unit) => {
      const { remittances } = openWork(unit);
      await remittances.number(this.clock.now(), batchSize);
      return remittances.numbered(this.clock.now(), batchSize);
    });
    const issued = await this.#issueEach(due, signal);
    if (issued > 0) return true;
    const waitMs = expectedAfterMs[this.#looks];
    if (waitMs === undefined || signal.aborted) return false;
    this.#looks += 1;
    await pause(waitMs, signal);
    return true;
  }

  /** Some at once, in their order; gives how many were ours. */
  async #issueEach(due: readonly NumberedRemittance[], signal: AbortSignal): Promise<number> {
    const waiting = due.values();
    let issued = 0;
    const hands = Array.from({ length: atOnceMax }, async () => {
      for (const remittance of waiting) {
        if (signal.aborted) return;
        if (await this.#issueOne(remittance)) issued += 1;
      }
    });
    for (const { status, reason } of (await Promise.allSettled(hands)) as PromiseRejectedResult[])
      if (status === 'rejected') throw reason;
    return issued;
  }

  async #issueOne(remittance: NumberedRemittance): Promise<boolean> {
    const settings = { payer: payerOf(this.config), filingIndicator: this.config.claimFilingIndicator };
    const step = () =>
      this.runtime.work((unit) =>
        issueRemittance({ ...openWork(unit), files: this.#files }, remittance.remittanceId, settings),
      );
    try {
      let issued = await step();
      while (issued === 'more') issued = await step();
      return issued === 'posted';
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === 'outage') throw error;
      const attempts = remittance.attempts + (trouble === 'unexpected' ? 1 : 0);
      if (trouble === 'refused' || attempts >= attemptsMax) await this.#setAside(remittance, error);
      else await this.#postpone(remittance, error, attempts);
      return true;
    }
  }

  /** It waits alone: the next ones are not held back. */
  async #postpone({ remittanceId }: NumberedRemittance, error: unknown, attempts: number): Promise<void> {
    const until = new Date(this.clock.now().getTime() + waitMsAfter(attempts));
    this.log.warn({ ...causeOf(error), remittanceId, attempts }, 'remittance will be tried again');
    await this.runtime.work((unit) => openWork(unit).remittances.postpone(remittanceId, { attempts, until }));
  }

  /** It is shown as failed, with its cause. */
  async #setAside({ remittanceId }: NumberedRemittance, error: unknown): Promise<void> {
    const failure = causeOf(error);
    this.log.error({ ...failure, remittanceId }, 'remittance cannot be written');
    await this.runtime.work((unit) => openWork(unit).remittances.markFailed(remittanceId, failure));
  }

  /** Two processes that hear the last two facts of a payment at one moment do not see each other's: this does. */
  async #makeDue(): Promise<boolean> {
    const made = await this.runtime.work(async (unit) => {
      const work = openWork(unit);
      return (await makePaymentsDue(work)) + (await makeReversalsDue(work));
    });
    if (made > 0) this.expect();
    return false;
  }
}

/** For what another process made due, or was put off. */
const issueEveryMs = 1_000;
const sweepEveryMs = 30_000;
const batchSize = 100;

/** Files that are written at once: each has a connection and some hundred claims in memory. */
const atOnceMax = 3;

/** When to look for what a fact that is being handled makes due. */
const expectedAfterMs = [5, 10, 20, 40, 80, 160, 320] as const;
