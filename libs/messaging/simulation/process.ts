import type { Clock } from '../src/ports/clock.ts';
import type { Chance } from './chance.ts';
import type { Timer, VirtualTime } from './virtual-time.ts';

/** What a port throws through code whose process has died under it; nothing comes of it, for every port is dead too. */
export class ProcessDied extends Error {}

/**
 * One life of a service: whatever reaches it from outside (a timer, an answer, a delivery) comes through here, so
 * that it can be killed or stopped at any moment and never knows.
 */
export class SimulatedProcess {
  readonly name: string;
  /** Of its own clock, against the world's. */
  skewMs = 0;
  #state: 'running' | 'frozen' | 'dead' = 'running';
  #held: (() => void)[] = [];
  readonly #endings = new Set<() => void>();
  /** Waits that were begun and are not over: a leak shows here. */
  pauses = 0;

  constructor(name: string) {
    this.name = name;
  }

  get isAlive(): boolean {
    return this.#state !== 'dead';
  }

  get isRunning(): boolean {
    return this.#state === 'running';
  }

  /** Something reaches the process: now, when it runs again, or never. */
  run(act: () => void): void {
    if (this.#state === 'running') act();
    else if (this.#state === 'frozen') this.#held.push(act);
  }

  /** An answer that only a living process gets. */
  answer<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then(
        (value) => this.run(() => resolve(value)),
        (error: unknown) => this.run(() => reject(error as Error)),
      );
    });
  }

  /** Calls back when the process ends, or at once when it has; gives how to take that back. */
  atEnd(act: () => void): () => void {
    if (this.#state === 'dead') act();
    else this.#endings.add(act);
    return () => this.#endings.delete(act);
  }

  /** `kill -9`, or the last line of a process that left by itself. */
  end(): void {
    if (this.#state === 'dead') return;
    this.#state = 'dead';
    this.#held = [];
    for (const act of this.#endings) act();
    this.#endings.clear();
  }

  /** SIGSTOP … */
  freeze(): void {
    if (this.#state === 'running') this.#state = 'frozen';
  }

  /** … and SIGCONT: everything that waited comes at once. */
  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'running';
    const held = this.#held;
    this.#held = [];
    for (const act of held) this.run(act);
  }
}

export type ClockParts = {
  readonly process: SimulatedProcess;
  readonly time: VirtualTime;
  readonly chance: Chance;
  /** The world's time of day at the beginning, and every leap since. */
  readonly epochMs: () => number;
};

/** Time and chance as one process sees them. */
export function clockOf({ process, time, chance, epochMs }: ClockParts): Clock {
  return {
    now: () => new Date(epochMs() + time.nowMs + process.skewMs),
    random: () => chance.next(),
    pause: (durationMs, signal) => {
      if (signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        process.pauses += 1;
        const end = (): void => {
          process.pauses -= 1;
          resolve();
        };
        const timer: Timer = time.after(durationMs, () => {
          signal?.removeEventListener('abort', onAbort);
          process.run(end);
        });
        const onAbort = (): void => {
          time.cancel(timer);
          end();
        };
        signal?.addEventListener('abort', onAbort, { once: true });
      });
    },
  };
}
