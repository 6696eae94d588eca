/** Watches the trace numbers of one batch: each is new and higher than the one before. */
export class TraceOrder {
  private readonly seen = new Set<string>();
  private last = '';

  /** What is wrong with the next trace number, if anything. */
  next(traceNumber: string): 'duplicate-trace' | 'trace-not-ascending' | undefined {
    const problem = this.seen.has(traceNumber)
      ? 'duplicate-trace'
      : traceNumber <= this.last
        ? 'trace-not-ascending'
        : undefined;
    this.seen.add(traceNumber);
    this.last = traceNumber;
    return problem;
  }
}
