import { RetryLater } from '@remitflow/kernel';
import type { Clock } from '../ports/clock.ts';

/** Waits, or returns at once when the signal is given. */
export function pause(durationMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, durationMs);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** The machine's own time and chance. */
export const systemClock: Clock = { now: () => new Date(), pause, random: () => Math.random() };

/** Given as the reason, since Node makes an error with a stack when there is none. */
const over = 'over';

/** Doubling delays with full jitter: between half and all of the step, never more than the most. */
export function backoffMs(
  failures: number,
  limits: { firstMs: number; mostMs: number },
  random: () => number = Math.random,
): number {
  const step = Math.min(limits.mostMs, limits.firstMs * 2 ** Math.min(failures, 20));
  return Math.round(step * (0.5 + random() / 2));
}

/** A bell that can be rung before somebody waits for it. */
export class Bell {
  readonly #clock: Clock;
  #ringing = false;
  #waiting: (() => void) | undefined;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#ringing = true;
    this.#waiting?.();
  }

  /** Resolves true when the bell is rung, false after the time is over or the signal is given. */
  async wait(durationMs: number, signal?: AbortSignal): Promise<boolean> {
    if (!this.#ringing && !signal?.aborted) {
      const enough = new AbortController();
      const stop = (): void => enough.abort(over);
      this.#waiting = stop;
      signal?.addEventListener('abort', stop, { once: true });
      await this.#clock.pause(durationMs, enough.signal);
      signal?.removeEventListener('abort', stop);
      this.#waiting = undefined;
    }
    const rung = this.#ringing;
    this.#ringing = false;
    return rung;
  }
}

/** What a promise comes to, or `late` when it takes longer. */
export async function within<T, Late>(
  clock: Clock,
  limit: { durationMs: number; late: Late },
  work: Promise<T>,
): Promise<T | Late> {
  const done = new AbortController();
  try {
    return await Promise.race([work, clock.pause(limit.durationMs, done.signal).then(() => limit.late)]);
  } finally {
    done.abort(over);
  }
}

/** What a promise comes to; throws `RetryLater('broker.no-answer')` when it takes longer. */
export async function inTime<T>(clock: Clock, durationMs: number, work: Promise<T>): Promise<T> {
  const late = Symbol('late');
  const outcome = await within(clock, { durationMs, late }, work);
  if (outcome === late) throw new RetryLater('broker.no-answer');
  return outcome as T;
}
