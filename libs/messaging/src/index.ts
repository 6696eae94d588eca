export { decodeBody, encodeBody } from './body.ts';
export { DeadLetterStore, type DeadLetter, type StoredDeadLetter } from './dead-letters.store.ts';
export type { Envelope } from './envelope.ts';
export { failureKind, type Attempt } from './failure.ts';
export { messageTables } from './migrations.ts';
export { FactTransport, PassErrorsOn } from './nest/fact-transport.ts';
export { Hears, HearsEveryFact } from './nest/hears.ts';
export { TransactionOutbox, type Outbox, type SayOptions } from './outbox.ts';
export { RetryStore, type PendingRetry } from './retries.store.ts';
export { MessagingRuntime, platformFacts, type RuntimeCondition, type RuntimeOptions } from './runtime.ts';
export {
  deadQueueOf,
  factsExchange,
  provisionBroker,
  provisionTopology,
  queueOf,
  topologyOf,
  verifyTopology,
  type Topology,
} from './topology.ts';
export type { Dispatch, Heard, RuntimeLog, Unit } from './unit.ts';
export { backoffMs, Bell, pause } from './waiting.ts';
export { toProperties } from './wire.ts';
