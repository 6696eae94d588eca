import type { Database } from '@remitflow/persistence';
import type { Processor } from './processor.ts';
import { RetryStore } from './retries.store.ts';
import type { RuntimeLog } from './unit.ts';
import { pause } from './waiting.ts';

const pollMs = 1_000;
const leaseMs = 120_000;

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
      await processor.process(due, due.attempts);
    }
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
