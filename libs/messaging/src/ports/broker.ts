import type { Message } from './message.ts';

/** Where a publish goes; the exchange decides by the key which queues get it. */
export type Address = { readonly exchange: string; readonly key: string };

/**
 * What the broker answered: it has the message (`confirmed`), has it but no queue wanted it (`returned`), would not
 * take it (`refused`), or was gone before it answered (`lost`): then nobody knows.
 */
export type PublishOutcome = 'confirmed' | 'returned' | 'refused' | 'lost';

/** One message handed over by the broker, to be acknowledged on the channel that brought it and on no other. */
export type Delivery = {
  /** Unique on its channel. */
  readonly tag: number;
  readonly message: Message;
  /** How often it was handed over before, as far as the broker says. */
  readonly earlierDeliveries: number;
};

export type LinkEvents = {
  /** The connection is gone, and everything opened on it. */
  onLost(reason: string): void;
  /** The broker takes no messages (memory or disk alarm) … */
  onBlocked(reason: string): void;
  /** … and takes them again. */
  onUnblocked(): void;
};

/** A channel to publish on, with confirms and `mandatory`. */
export type Publisher = {
  publish(address: Address, message: Message): Promise<PublishOutcome>;
};

/** A channel to consume on. */
export type Subscriber = {
  /** Deliveries the broker may hand over before any is acknowledged. */
  prefetch(count: number): Promise<void>;
  /** Begins to consume; gives the tag to cancel with. `onCancelled` is called when the broker ends it. */
  consume(queue: string, events: ConsumeEvents): Promise<string>;
  cancel(consumerTag: string): Promise<void>;
  ack(delivery: Delivery): void;
  /** Goes back to the queue, not attempted. */
  giveBack(delivery: Delivery): void;
  /** Goes back to the queue as a failed attempt, which the broker counts. */
  reject(delivery: Delivery): void;
  /** What a queue looks like now; undefined when the broker will not say. */
  look(queue: string): Promise<QueueLook | undefined>;
  /** Settles what was acknowledged before, and ends. */
  close(): Promise<void>;
};

export type QueueLook = {
  /** Messages that were handed to nobody yet. */
  readonly ready: number;
  readonly consumers: number;
};

export type ConsumeEvents = {
  onDelivery(delivery: Delivery): void;
  onCancelled(): void;
};

export type ChannelEvents = { onLost(reason: string): void };

/** One connection. */
export type BrokerLink = {
  openPublisher(events: ChannelEvents): Promise<Publisher>;
  openSubscriber(events: ChannelEvents): Promise<Subscriber>;
  close(): Promise<void>;
};

/** A message broker, as far as the runtime needs one: RabbitMQ in `amqp/`, a seeded one in the simulation. */
export type BrokerPort = {
  /** Rejects when there is no broker to connect to. */
  connect(name: string, events: LinkEvents): Promise<BrokerLink>;
};
