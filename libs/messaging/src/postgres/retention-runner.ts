import type { Database } from '@remitflow/persistence';
import type { RuntimeLog } from '../core/unit.ts';
import type { Clock } from '../ports/clock.ts';
import { forget, type MonthlyTable } from './retention.ts';

export type RetentionOptions = {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: RuntimeLog;
  readonly inboxMonths: number;
  readonly monthlyTables: readonly MonthlyTable[];
};

const everyMs = 6 * 60 * 60 * 1000;
const outboxDays = 35;

/** Forgets what is old, when the service starts and a few times a day; one process a service does it. */
export class RetentionRunner {
  readonly #options: RetentionOptions;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { database, clock, log, inboxMonths, monthlyTables } = this.#options;
    while (!this.#closing.signal.aborted) {
      try {
        const forgotten = await database.whileLeading('retention', () =>
          forget(database, { inboxMonths, monthlyTables, outboxDays }),
        );
        if (forgotten && Object.values(forgotten).some((count) => count > 0))
          log.info(forgotten, 'forgot what is old');
      } catch (error) {
        log.warn({ reason: error instanceof Error ? error.message : '' }, 'retention not done');
      }
      await clock.pause(everyMs, this.#closing.signal);
    }
  }
}
