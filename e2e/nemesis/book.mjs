/** What we were promised by the product, and what we did to it: what the invariants hold it to. */
export function openBook() {
  return {
    /** Submission id of each file that was taken, with the number of its claims. */
    files: new Map(),
    /** Request id of each single request that was taken, by idempotency key. */
    singles: new Map(),
    /** Files and requests that are being sent: nobody has said yes or no to them. */
    unanswered: new Set(),
    /** Uploads that had to be refused as duplicates, and whether they were. */
    duplicateUploads: { refused: 0, taken: 0 },
    /** What must be found among the dead letters, and nothing else: `service/message id` → how it was spoilt. */
    poison: new Map(),
    /** Kinds of faults and how often each was done. */
    faults: new Map(),
    /** Ends by SIGTERM: service, exit code, milliseconds. */
    terminations: [],
    /** Answers that no fault excuses. */
    surprises: [],
    /** Faults that could not be done, or not be undone as they should. */
    faultTroubles: [],
    closedCycles: 0,
  };
}

export const countFault = (book, kind) => book.faults.set(kind, (book.faults.get(kind) ?? 0) + 1);
