import type { ChannelModel } from 'amqplib';
import { factsHeardBy, serviceNames, type ServiceName } from '@remitflow/contracts';

/** The exchange that every fact is said to; its routing key is the fact's name. */
export const factsExchange = 'remitflow.facts';

/** The exchange for what one hearer alone is to hear: halves, redrives, what was published again for want of a receipt. */
export const againExchange = 'remitflow.again';

/** The exchange on which a hearer tells a speaker what it has committed. */
export const receiptsExchange = 'remitflow.receipts';

/** Where the broker puts a message whose consumer keeps dying on it. */
export const deadExchange = 'remitflow.dead';

/** After this many deliveries that came back, a message is moved to the dead queue. */
export const deliveryLimit = 20;

/** Receipts for a speaker that is away: beyond this the oldest go, and what they spoke of is published again. */
export const receiptsBytesMax = 256 * 1024 * 1024;

export const queueOf = (service: ServiceName): string => `remitflow.${service}`;

export const deadQueueOf = (service: ServiceName): string => `${queueOf(service)}.dead`;

export const receiptsQueueOf = (service: ServiceName): string => `${queueOf(service)}.receipts`;

/** The routing key of a fact that one hearer alone is to hear. */
export const againKey = (hearer: ServiceName, factName: string): string => `${hearer}.${factName}`;

/** The routing key of what a hearer tells a speaker. */
export const receiptsKey = (speaker: ServiceName, hearer: ServiceName): string => `${speaker}.${hearer}`;

/** What must exist on the broker, made from the registry: quorum queues only, explicit limits, no expiry. */
export type Topology = {
  readonly exchanges: readonly { name: string; type: 'topic' | 'direct' }[];
  readonly queues: readonly { name: string; arguments: Readonly<Record<string, unknown>> }[];
  readonly bindings: readonly { exchange: string; queue: string; key: string }[];
};

export function topologyOf(services: readonly ServiceName[], brokerMajor: number): Topology {
  return {
    exchanges: [
      { name: factsExchange, type: 'topic' },
      { name: againExchange, type: 'topic' },
      { name: receiptsExchange, type: 'topic' },
      { name: deadExchange, type: 'direct' },
    ],
    queues: services.flatMap((service) => queuesOf(service, brokerMajor)),
    bindings: services.flatMap((service) => bindingsOf(service)),
  };
}

const queuesOf = (service: ServiceName, brokerMajor: number): Topology['queues'] => [
  {
    name: queueOf(service),
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': deliveryLimit,
      'x-dead-letter-exchange': deadExchange,
      'x-dead-letter-routing-key': deadQueueOf(service),
      'x-dead-letter-strategy': 'at-least-once',
      'x-overflow': 'reject-publish',
    },
  },
  { name: deadQueueOf(service), arguments: { 'x-queue-type': 'quorum', ...unlimited(brokerMajor) } },
  {
    name: receiptsQueueOf(service),
    arguments: {
      'x-queue-type': 'quorum',
      'x-delivery-limit': deliveryLimit,
      'x-max-length-bytes': receiptsBytesMax,
    },
  },
];

const bindingsOf = (service: ServiceName): Topology['bindings'] => [
  ...factsHeardBy(service).map((fact) => ({
    exchange: factsExchange,
    queue: queueOf(service),
    key: fact.name,
  })),
  { exchange: againExchange, queue: queueOf(service), key: `${service}.#` },
  { exchange: receiptsExchange, queue: receiptsQueueOf(service), key: `${service}.*` },
  { exchange: deadExchange, queue: deadQueueOf(service), key: deadQueueOf(service) },
];

/** From 4.0 a queue without a limit gets one of 20, which would delete dead letters; 3.10 takes -1 and drops at the first return. */
const unlimited = (brokerMajor: number): Record<string, unknown> =>
  brokerMajor >= 4 ? { 'x-delivery-limit': -1 } : {};

export const brokerMajorOf = (connection: ChannelModel): number => {
  const version = String(connection.connection.serverProperties['version'] ?? '0');
  return Number(version.split('.')[0]);
};

/** {@link declareTopology}, of these services. */
export async function provisionTopology(
  connection: ChannelModel,
  services: readonly ServiceName[] = serviceNames,
): Promise<Topology> {
  const topology = topologyOf(services, brokerMajorOf(connection));
  await declareTopology(connection, topology);
  return topology;
}

/** Declares everything; safe to run again. Throws when something exists with other arguments. */
export async function declareTopology(connection: ChannelModel, topology: Topology): Promise<void> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined); // the failing call rejects as well
  for (const { name, type } of topology.exchanges)
    await channel.assertExchange(name, type, { durable: true });
  for (const queue of topology.queues)
    await channel.assertQueue(queue.name, { durable: true, arguments: queue.arguments });
  for (const { exchange, queue, key } of topology.bindings) await channel.bindQueue(queue, exchange, key);
  await channel.close();
}
