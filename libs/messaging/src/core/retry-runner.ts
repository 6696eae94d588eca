import { CannotProceed } from '@remitflow/kernel';
import type { Database } from '@remitflow/persistence';
import { attemptOf } from './failure.ts';
import { park } from './park.ts';
import type { Processor } from './processor.ts';
import { RetryStore, type LeasedRetry } from '../postgres/retries.store.ts';
import type { RuntimeLog } from './unit.ts';
import { pause } from './waiting.ts';

const pollMs = 1_000;
const leaseMs = 120_000;
const leasesMax = 3;

/** Takes scheduled retries back into processing when they are due. */
export class RetryRunner {
  readonly #options: { database: Database; processor: Processor; log: RuntimeLog };
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: { database: Database; processor: Processor; log: RuntimeLog }) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  /** Tries every message that is due now; gives how many there were. */
  async runDue(): Promise<number> {
    const { database, processor } = this.#options;
    for (let tried = 0; ; tried += 1) {
      const due = await database.transaction((tx) => new RetryStore(tx).leaseDue(leaseMs));
      if (!due || this.#closing.signal.aborted) return tried;
      if (due.leases > leasesMax) await this.#parkKiller(due);
      else await processor.process(due, due.attempts);
    }
  }

  /** It was begun again and again and never came to an end: the process must have ended with it. */
  async #parkKiller(due: LeasedRetry): Promise<void> {
    const error = new CannotProceed('message.crash-loop', { messageId: due.envelope.id });
    await park(this.#options.database, due, {
      error,
      attempts: [...due.attempts, attemptOf(error, new Date())],
    });
    this.#options.log.error({ messageId: due.envelope.id, fact: due.envelope.type }, 'message parked');
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        await this.runDue();
      } catch (error) {
        this.#options.log.warn(
          { reason: error instanceof Error ? error.message : '' },
          'retries not readable',
        );
      }
      await pause(pollMs, this.#closing.signal);
    }
  }
}
