import type { Level } from './metrics.ts';

/** Levels that have to be looked up, in a database for example. */
export type Reading = {
  /** What is asked, in a word or two: the label of the metric that tells of its failures. */
  readonly source: string;
  /** What `read` sets; cleared before, so that what has gone is told no longer. */
  readonly levels: readonly Level[];
  /** Looks no more often than this; in between the last answer is told again. */
  readonly everyMs?: number;
  /** Looks, and gives what sets the levels: nothing is half told. */
  read(): Promise<() => void>;
};

/** A scrape must end before whoever scrapes gives up, whatever hangs. */
const readTimeoutMs = 5_000;

/** Takes all readings for one scrape; scrapes that come together share one look. */
export class Readings {
  readonly #tell: (source: string, failed: boolean) => void;
  readonly #readings: Reading[] = [];
  readonly #readAtMs = new Map<Reading, number>();
  #taking: Promise<unknown> | undefined;

  constructor(tell: (source: string, failed: boolean) => void) {
    this.#tell = tell;
  }

  add(reading: Reading): void {
    this.#readings.push(reading);
  }

  async take(): Promise<void> {
    this.#taking ??= Promise.all(this.#readings.map((reading) => this.#takeOne(reading))).finally(() => {
      this.#taking = undefined;
    });
    await this.#taking;
  }

  async #takeOne(reading: Reading): Promise<void> {
    const readAtMs = this.#readAtMs.get(reading);
    if (readAtMs !== undefined && performance.now() - readAtMs < (reading.everyMs ?? 0)) return;
    this.#readAtMs.set(reading, performance.now());
    const set = await inTime(reading.read()).catch(() => undefined);
    reading.levels.forEach((level) => level.clear());
    set?.();
    this.#tell(reading.source, set === undefined);
  }
}

async function inTime<T>(looking: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), readTimeoutMs);
  });
  try {
    return await Promise.race([looking, late]);
  } finally {
    clearTimeout(timer);
  }
}
