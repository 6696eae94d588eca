/** Time and chance, so that a simulation can replay them. */
export type Clock = {
  now(): Date;
  /** Waits, or returns at once when the signal is given. */
  pause(durationMs: number, signal?: AbortSignal): Promise<void>;
  /** From 0 up to, not including, 1. */
  random(): number;
};
