import { backoffMs, pause, type RuntimeLog } from '@remitflow/messaging';

export type JobOptions = {
  readonly name: string;
  /** Wait between rounds that found nothing to do. */
  readonly everyMs: number;
  readonly log: RuntimeLog;
};

/**
 * Something a service does again and again beside its messages. A round gives true when there is more to do at once;
 * one that fails is logged and tried again with back-off.
 */
export class Job {
  readonly #options: JobOptions;
  readonly #round: (signal: AbortSignal) => Promise<boolean>;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #wakeUp: (() => void) | undefined;
  /** It was woken while a round was under way, which may have looked too early. */
  #isWoken = false;

  constructor(options: JobOptions, round: (signal: AbortSignal) => Promise<boolean>) {
    this.#options = options;
    this.#round = round;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Begins the next round now, or at once after the one that is under way. */
  wake(): void {
    this.#isWoken = true;
    this.#wakeUp?.();
  }

  /** Lets the round that is under way see its signal and end. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wakeUp?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#closing.signal.aborted;) {
      this.#isWoken = false;
      try {
        const more = await this.#round(this.#closing.signal);
        failures = 0;
        if (!more && !this.#isWoken) await this.#rest(this.#options.everyMs);
      } catch (error) {
        failures += 1;
        this.#options.log.error(
          { job: this.#options.name, reason: error instanceof Error ? error.message : String(error) },
          'job failed and will be tried again',
        );
        await this.#rest(backoffMs(failures, { firstMs: 500, mostMs: 30_000 }));
      }
    }
  }

  async #rest(durationMs: number): Promise<void> {
    const awake = new AbortController();
    this.#wakeUp = () => awake.abort();
    if (!this.#closing.signal.aborted) await pause(durationMs, awake.signal);
    this.#wakeUp = undefined;
  }
}
