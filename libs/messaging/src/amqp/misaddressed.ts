import type { ConsumeMessage } from 'amqplib';
import { serviceNames, type ServiceName } from '@remitflow/contracts';
import {
  againExchange,
  againKey,
  deadExchange,
  factsExchange,
  queueOf,
  receiptsExchange,
  receiptsKey,
} from './topology.ts';

type Arrived = Pick<ConsumeMessage, 'fields' | 'properties'>;

/**
 * True when a message says to be something else than what its sender was allowed to send. The broker checks the routing
 * key of every publish against the sender's topics, and nothing else: the type, and the name in a receipt, are what the
 * sender wrote. Nor do brokers before 4.0.4 check the keys in the headers CC and BCC, by which a message of one's own
 * reaches any queue; the key it arrives with is nevertheless the one that was checked. What comes over other exchanges
 * was put there by an administrator: no service may.
 */
export function isMisaddressed(arrived: Arrived, queue: string): boolean {
  const { exchange, key } = sentWith(arrived);
  const type = String(arrived.properties.type ?? '');
  const service = serviceOf(queue);
  if (exchange === factsExchange) return key !== type;
  if (exchange === againExchange) return !service || key !== againKey(service, type);
  if (exchange === receiptsExchange) {
    const hearer = serviceNames.find((name) => name === arrived.properties.appId);
    return !service || !hearer || key !== receiptsKey(service, hearer);
  }
  return false;
}

/** Of what the broker has set aside: what it was sent with before; the latest death stands first and is the broker's own. */
function sentWith({ fields, properties }: Arrived): { exchange: string; key: string } {
  const { exchange, routingKey } = fields;
  if (exchange !== deadExchange) return { exchange, key: routingKey };
  const death = (properties.headers?.['x-death'] as Death[] | undefined)?.[0];
  return { exchange: death?.exchange ?? '', key: death?.['routing-keys']?.[0] ?? '' };
}

type Death = { readonly exchange?: string; readonly 'routing-keys'?: readonly string[] };

const serviceOf = (queue: string): ServiceName | undefined =>
  serviceNames.find((service) => queue === queueOf(service) || queue.startsWith(`${queueOf(service)}.`));
