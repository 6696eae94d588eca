export type Interruption = {
  /** Resolves at the first Ctrl-C, SIGTERM or closed terminal; keeps the process alive until then. */
  readonly happened: Promise<void>;
  /** Stops listening, so that the process may end by itself. */
  ignore(): void;
};

export function listenForInterruption(): Interruption {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const keepAlive = setInterval(() => undefined, 1 << 30);
  let resolve: () => void;
  const happened = new Promise<void>((done) => (resolve = done));
  // Listeners stay: npm passes a Ctrl-C on that the terminal has sent already, and a second one must not cut a clean stop short.
  for (const signal of signals) process.on(signal, () => resolve());
  const orphaned = watchParent(() => resolve());
  const ignore = (): void => {
    clearInterval(keepAlive);
    clearInterval(orphaned);
  };
  return { happened, ignore };
}

/** npm does not pass a SIGTERM on: when it is gone, whoever started us is, and nobody could stop us any more. */
function watchParent(onGone: () => void): NodeJS.Timeout | undefined {
  if (process.env['npm_lifecycle_event'] === undefined) return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) onGone();
  }, parentEveryMs);
}

const parentEveryMs = 500;
