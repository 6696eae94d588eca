/** Every kind of fault as the journal counts it, which is when it has really hit somebody. */
export const faultKinds = [
  'alarm',
  'altered-copy',
  'binding-removed',
  'broker-restart',
  'channel-closed',
  'clock-skew',
  'confirmed-and-lost',
  'connection-closed',
  'consumers-cancelled',
  'crash-before-ack',
  'crash-before-commit',
  'crash-before-confirm',
  'crash-before-mark',
  'crash-before-publish',
  'duplicated',
  'freeze',
  'half-open',
  'kill',
  'killer',
  'latency',
  'old-duplicate',
  'over-limit',
  'queue-loses-all',
  'refused',
  'reordering',
  'returned',
  'second-process',
  'store-contention',
  'store-cut-off',
  'store-fails-after-commit',
  'store-fails-before-commit',
  'store-outage',
  'store-slow',
  'store-stalls',
  'stranger',
  'terminate',
  'three-days-later',
] as const;

/** In so many seeds each kind has happened, or the schedule has stopped doing what it is for. */
export const seedsForEveryKind = 4_000;

/** What did not happen in many seeds although it should have. */
export const neverHappened = (faults: Readonly<Record<string, number>>): string[] =>
  faultKinds.filter((kind) => !faults[kind]);
