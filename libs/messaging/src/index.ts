export { decodeBody, encodeBody } from './core/body.ts';
export type { Envelope } from './core/envelope.ts';
export type { Attempt } from './core/failure.ts';
export type { CoreOptions } from './core/core-options.ts';
export { MessagingCore, type CoreUnit, type RuntimeCondition } from './core/messaging-core.ts';
export { defaultSettings, type RuntimeSettings } from './core/settings.ts';
export { inFlightVersions, type InFlight } from './postgres/in-flight.ts';
export { messageTables } from './postgres/migrations.ts';
export { FactTransport, PassErrorsOn } from './nest/fact-transport.ts';
export { Hears, HearsEveryFact } from './nest/hears.ts';
export { TransactionOutbox, type Outbox, type SayOptions } from './core/outbox.ts';
export { MessagingRuntime, platformFacts, type NamedQueue, type RuntimeOptions } from './runtime.ts';
export {
  againExchange,
  againKey,
  deadExchange,
  deadQueueOf,
  factsExchange,
  provisionTopology,
  queueOf,
  receiptsExchange,
  receiptsKey,
  receiptsQueueOf,
  topologyOf,
  type Topology,
} from './amqp/topology.ts';
export { loginIn, virtualHostOf, withLogin, type BrokerLogin } from './amqp/management.ts';
export { brokerLogins, permissionsOf, type BrokerLogins, type Permissions } from './amqp/permissions.ts';
export { provisionBroker, type BrokerWanted, type ProvisionedBroker } from './amqp/provision-broker.ts';
export {
  inspectTopology,
  repairTopology,
  type Repaired,
  type RepairOptions,
} from './amqp/repair-topology.ts';
export { openTopologyCheck, type TopologyCheckOptions } from './amqp/topology-check.ts';
export type { Dispatch, Heard, RuntimeLog, Unit } from './core/unit.ts';
export { backoffMs, pause } from './core/waiting.ts';
export type { Message } from './ports/message.ts';
export { crashPoints, type CrashPoint, type PassPoint } from './ports/crash-points.ts';
export type { MonthlyTable } from './postgres/retention.ts';
export { toProperties } from './amqp/wire.ts';
export {
  unobserved,
  type ConsumerState,
  type Observer,
  type Outcome,
  type RuntimeEvent,
} from './ports/observer.ts';
export * from './operating/index.ts';
