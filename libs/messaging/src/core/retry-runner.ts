import { CannotProceed } from '@remitflow/kernel';
import type { Envelope } from './envelope.ts';
import type { Leased } from '../ports/store.ts';
import type { CoreOptions } from './core-options.ts';
import { attemptOf } from './failure.ts';
import { park } from './park.ts';
import type { Processor } from './processor.ts';
import { Bell } from './waiting.ts';

const leasesMax = 3;

/** Takes scheduled retries back into processing when they are due. */
export class RetryRunner {
  readonly #options: CoreOptions;
  readonly #processor: Processor;
  readonly #bell: Bell;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: CoreOptions, processor: Processor) {
    this.#options = options;
    this.#processor = processor;
    this.#bell = new Bell(options.clock);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Something is due now rather than at the next poll. */
  wake(): void {
    this.#bell.ring();
  }

  async close(): Promise<void> {
    this.#closing.abort('over');
    await this.#running;
  }

  /** Tries every message that is due now; gives how many there were. */
  async runDue(): Promise<number> {
    const { store, settings } = this.#options;
    for (let tried = 0; ; tried += 1) {
      if (this.#closing.signal.aborted) return tried;
      const due = await store.statement(({ retries }) => retries.leaseDue(settings.leaseMs));
      if (!due) return tried;
      if (due.leases > leasesMax) await this.#parkKiller(due);
      else await this.#processor.process(due, due.attempts);
    }
  }

  /** It was begun again and again and never came to an end: the process must have ended with it. */
  async #parkKiller(due: Leased): Promise<void> {
    const error = new CannotProceed('message.crash-loop', { messageId: due.envelope.id });
    const attempts = [...due.attempts, attemptOf(error, this.#options.clock.now())];
    await park(this.#options, due, { error, attempts });
    this.#options.log.error(idsOf(due.envelope), 'message parked');
  }

  async #run(): Promise<void> {
    const { log, settings } = this.#options;
    while (!this.#closing.signal.aborted) {
      try {
        await this.runDue();
      } catch (error) {
        log.warn({ reason: error instanceof Error ? error.message : '' }, 'retries not readable');
      }
      await this.#bell.wait(settings.pollMs * 2, this.#closing.signal);
    }
  }
}

const idsOf = ({ id, type }: Envelope) => ({ messageId: id, fact: type });
