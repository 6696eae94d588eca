import type { BrokerPort, Publisher, Subscriber } from '../src/ports/broker.ts';
import type { StorePort, StoreUnit } from '../src/ports/store.ts';

/** Stands between the core and what it is given: how a negative control takes a safeguard away. */
export type Wrapping = {
  broker?(port: BrokerPort): BrokerPort;
  store?(port: StorePort): StorePort;
};

/** Every transaction and statement works on tables that are changed like this. */
export const withUnit =
  (change: (unit: StoreUnit) => StoreUnit) =>
  (port: StorePort): StorePort => ({
    ...port,
    transaction: (work) => port.transaction((unit) => work(change(unit))),
    statement: (work) => port.statement((unit) => work(change(unit))),
  });

/** The tables of a transaction as plain members, of which some may be replaced. */
export const tablesOf = ({ tx, inbox, outbox, retries, deadLetters }: StoreUnit): StoreUnit => ({
  tx,
  inbox,
  outbox,
  retries,
  deadLetters,
});

/** Every channel to publish on is changed like this. */
export const withPublisher =
  (change: (publisher: Publisher) => Publisher) =>
  (port: BrokerPort): BrokerPort => ({
    connect: async (name, events) => {
      const link = await port.connect(name, events);
      return {
        openPublisher: async (channelEvents) => change(await link.openPublisher(channelEvents)),
        openSubscriber: (channelEvents) => link.openSubscriber(channelEvents),
        close: () => link.close(),
      };
    },
  });

/** Every channel to consume on is changed like this. */
export const withSubscriber =
  (change: (subscriber: Subscriber) => Subscriber) =>
  (port: BrokerPort): BrokerPort => ({
    connect: async (name, events) => {
      const link = await port.connect(name, events);
      return {
        openPublisher: (channelEvents) => link.openPublisher(channelEvents),
        openSubscriber: async (channelEvents) => change(await link.openSubscriber(channelEvents)),
        close: () => link.close(),
      };
    },
  });

/** A channel as plain functions, of which some may be replaced. */
export const methodsOf = (subscriber: Subscriber): Subscriber => ({
  prefetch: (count) => subscriber.prefetch(count),
  consume: (queue, events) => subscriber.consume(queue, events),
  cancel: (tag) => subscriber.cancel(tag),
  ack: (delivery) => subscriber.ack(delivery),
  giveBack: (delivery) => subscriber.giveBack(delivery),
  reject: (delivery) => subscriber.reject(delivery),
  look: (queue) => subscriber.look(queue),
  close: () => subscriber.close(),
});
