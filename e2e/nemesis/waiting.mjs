/** Waits, or returns at once when the signal is given. */
export const pause = (ms, signal) =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });

/** Looks until the answer is something; undefined when it was not within the time. A look that fails is looked again. */
export async function eventually(look, { withinMs, everyMs = 250, signal }) {
  const deadline = Date.now() + withinMs;
  while (!signal?.aborted) {
    const answer = await Promise.resolve()
      .then(look)
      .catch(() => undefined);
    if (answer) return answer;
    if (Date.now() > deadline) return undefined;
    await pause(everyMs, signal);
  }
  return undefined;
}

/** Runs work again and again until the signal is given; what it throws is handed on and ends nothing. */
export async function repeat(work, { everyMs, signal, onError = () => undefined }) {
  while (!signal.aborted) {
    const at = Date.now();
    try {
      await work();
    } catch (error) {
      onError(error);
    }
    await pause(Math.max(0, everyMs - (Date.now() - at)), signal);
  }
}
