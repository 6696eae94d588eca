import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { MessagingRuntime } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';
import { Clock, Job, LogPort } from '@remitflow/service';
import { payerOf, RemittanceConfig } from '../config.ts';
import { attemptsMax, waitMsAfter } from '../domain/attempts.ts';
import type { NumberedRemittance } from '../domain/remittance.ts';
import { causeOf, troubleOf } from '../outbound/issue-trouble.ts';
import { RemittanceFiles } from '../outbound/remittance-files.gateway.ts';
import { openStores, openWork } from '../outbound/work.ts';
import { makePaymentsDue, makeReversalsDue } from '../use-cases/make-due.ts';
import { postRemittance } from '../use-cases/post-remittance.ts';
import { writeRemittance } from '../use-cases/write-remittance.ts';

/**
 * Writes and posts what is due. Each step is a transaction of its own and can be repeated: numbers are stored before
 * the file is written, the same numbers make the same file, and only one process can post it.
 */
@Injectable()
export class IssueJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  @Inject() private readonly runtime: MessagingRuntime;
  @Inject() private readonly database: Database;
  @Inject() private readonly clock: Clock;
  readonly #jobs: readonly Job[];
  readonly #files: RemittanceFiles;

  constructor(
    private readonly config: RemittanceConfig,
    private readonly log: LogPort,
  ) {
    this.#files = new RemittanceFiles(config.remittancesDir);
    this.#jobs = [
      new Job({ name: 'issue', everyMs: issueEveryMs, log }, (signal) => this.#issue(signal)),
      new Job({ name: 'sweep', everyMs: sweepEveryMs, log }, () => this.#makeDue()),
    ];
  }

  onApplicationBootstrap(): void {
    for (const job of this.#jobs) job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#jobs.map((job) => job.close()));
  }

  async #issue(signal: AbortSignal): Promise<boolean> {
    const due = await this.runtime.work(async (unit) => {
      const { remittances } = openWork(unit);
      await remittances.number(this.clock.now(), batchSize);
      return remittances.numbered(this.clock.now(), batchSize);
    });
    for (const remittance of due) {
      if (signal.aborted) return false;
      await this.#issueOne(remittance);
    }
    return due.length === batchSize;
  }

  async #issueOne(remittance: NumberedRemittance): Promise<void> {
    const settings = { payer: payerOf(this.config), filingIndicator: this.config.claimFilingIndicator };
    try {
      const written = await this.database.transaction((tx) =>
        writeRemittance({ ...openStores(tx), files: this.#files }, remittance, settings),
      );
      await this.runtime.work((unit) => postRemittance(openWork(unit), remittance, written));
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === 'outage') throw error;
      const attempts = remittance.attempts + (trouble === 'unexpected' ? 1 : 0);
      if (trouble === 'refused' || attempts >= attemptsMax) await this.#setAside(remittance, error);
      else await this.#postpone(remittance, error, attempts);
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
    await this.runtime.work(async (unit) => {
      const work = openWork(unit);
      await makePaymentsDue(work);
      await makeReversalsDue(work);
    });
    return false;
  }
}

const issueEveryMs = 200;
const sweepEveryMs = 30_000;
const batchSize = 100;
