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
  #ringing = false;
  #waiting: (() => void) | undefined;

  ring(): void {
    this.#ringing = true;
    this.#waiting?.();
  }

  /** Resolves true when the bell is rung, false after the time is over or the signal is given. */
  async wait(durationMs: number, signal?: AbortSignal): Promise<boolean> {
    if (!this.#ringing) {
      const enough = new AbortController();
      this.#waiting = () => enough.abort();
      const stop = (): void => enough.abort();
      signal?.addEventListener('abort', stop, { once: true });
      if (!signal?.aborted) await pause(durationMs, enough.signal);
      signal?.removeEventListener('abort', stop);
      this.#waiting = undefined;
    }
    const rung = this.#ringing;
    this.#ringing = false;
    return rung;
  }
}
