import type { Address, BrokerLink, PublishOutcome } from '../ports/broker.ts';
import type { Message } from '../ports/message.ts';
import { againExchange, againKey, queueOf, receiptsQueueOf } from '../amqp/topology.ts';
import type { CoreOptions } from './core-options.ts';

export type Resending = {
  readonly link: BrokerLink;
  publish(address: Address, message: Message): Promise<PublishOutcome>;
};

/**
 * Publishes again, to one hearer alone, what that hearer should have received long ago: a confirm is not a delivery,
 * and a broker can lose what it has confirmed.
 */
export async function resendOverdue(options: CoreOptions, { link, publish }: Resending): Promise<number> {
  const { service, store, settings, observer, log } = options;
  const debtors = await store.statement(({ outbox }) => outbox.debtors(settings.receiptTimeoutMs));
  if (debtors.length === 0) return 0;
  const [own, ...looks] = await look(link, [receiptsQueueOf(service), ...debtors.map(queueOf)]);
  if (own !== undefined && own > 0) return 0; // what is thought to be missing may lie in our own queue
  const idle = debtors.filter((_, place) => looks[place] === 0);
  const overdue = await store.statement(({ outbox }) =>
    outbox.overdue({ timeoutMs: settings.receiptTimeoutMs, idle, rows: settings.windowMax }),
  );
  if (overdue.length === 0) return 0;
  const outcomes = await Promise.all(
    overdue.map(({ hearer, message }) =>
      publish({ exchange: againExchange, key: againKey(hearer, message.envelope.type) }, message),
    ),
  );
  const sent = overdue.filter((_, place) => outcomes[place] === 'confirmed');
  await store.statement(({ outbox }) => outbox.resent([...new Set(sent.map(({ seq }) => seq))]));
  for (const { hearer, message } of sent)
    observer.observe({ kind: 'receipt-missing', hearer, fact: message.envelope.type });
  log.warn({ sent: sent.length, to: debtors.join(' ') }, 'no receipt, published again');
  return sent.length;
}

/** Messages that wait in each queue; undefined where the broker will not say. */
async function look(link: BrokerLink, queues: readonly string[]): Promise<(number | undefined)[]> {
  const subscriber = await link.openSubscriber({ onLost: () => undefined });
  try {
    const looks = await Promise.all(queues.map((queue) => subscriber.look(queue)));
    return looks.map((seen) => seen?.ready);
  } finally {
    await subscriber.close();
  }
}
