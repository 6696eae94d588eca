/** Waits and limits of the runtime, in milliseconds and counts. A test shortens waits; nothing else should. */
export type RuntimeSettings = {
  /** A hearer that has not receipted a message after this is sent it again. */
  readonly receiptTimeoutMs: number;
  /** Receipts leave together after this, or when there are {@link receiptIdsMax}. */
  readonly receiptEveryMs: number;
  readonly receiptIdsMax: number;
  /** How often the outbox and the retries are looked at when nobody rings. */
  readonly pollMs: number;
  readonly confirmTimeoutMs: number;
  /** A message that no queue wanted is published again after this. */
  readonly returnedWaitMs: number;
  /** Unconfirmed publishes in flight: at 1 the relay is 45 times slower, beyond a few hundred nothing is gained. */
  readonly windowMax: number;
  /** … and never more than this many bytes of them. */
  readonly windowBytesMax: number;
  /** Deliveries the broker may hand over before any is acknowledged. */
  readonly prefetch: number;
  /** A message with a body up to this, deflated, overtakes larger ones: a single request, a receipt. */
  readonly lightBytesMax: number;
  readonly topologyEveryMs: number;
  readonly leadershipCheckMs: number;
  /** A retry that was begun is begun anew after this, when its process has died. */
  readonly leaseMs: number;
  /** What the service remembers of messages, and the age at which a message is too old to be told from a duplicate. */
  readonly inboxMonths: number;
};

export const defaultSettings: RuntimeSettings = {
  receiptTimeoutMs: 60_000,
  receiptEveryMs: 100,
  receiptIdsMax: 500,
  pollMs: 500,
  confirmTimeoutMs: 15_000,
  returnedWaitMs: 2_000,
  windowMax: 300,
  windowBytesMax: 8 * 1024 * 1024,
  prefetch: 8,
  lightBytesMax: 4 * 1024,
  topologyEveryMs: 15_000,
  leadershipCheckMs: 5_000,
  leaseMs: 120_000,
  inboxMonths: 13,
};
