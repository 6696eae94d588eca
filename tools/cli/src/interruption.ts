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
  return { happened, ignore: () => clearInterval(keepAlive) };
}
