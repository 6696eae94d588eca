import type {
  ChannelEvents,
  ConsumeEvents,
  Delivery,
  QueueLook,
  Subscriber,
} from '../../src/ports/broker.ts';
import type { SimulatedLink } from './link.ts';
import type { Entry, SimulatedQueue, Taker } from './queue.ts';

type HandedOut = { readonly entry: Entry; readonly consumer: SimulatedConsumer };

/** A channel to consume on. */
export class SimulatedSubscriber implements Subscriber {
  readonly link: SimulatedLink;
  readonly #events: ChannelEvents;
  readonly #handedOut = new Map<number, HandedOut>();
  readonly consumers = new Map<string, SimulatedConsumer>();
  #tags = 0;
  #consumerTags = 0;
  #prefetch = Infinity;
  #isOpen = true;
  /** The broker has closed it, and the process does not know yet. */
  #isBroken = false;

  constructor(link: SimulatedLink, events: ChannelEvents) {
    this.link = link;
    this.#events = events;
  }

  get isOpen(): boolean {
    return this.#isOpen && this.link.isOpen;
  }

  prefetch(count: number): Promise<void> {
    return this.#ask(() => void (this.#prefetch = count));
  }

  consume(queueName: string, events: ConsumeEvents): Promise<string> {
    const consumerTag = `consumer-${(this.#consumerTags += 1)}`;
    return this.#ask(() => {
      const queue = this.link.broker.queue(queueName);
      const consumer = new SimulatedConsumer(this, { queue, events, room: this.#prefetch });
      this.consumers.set(consumerTag, consumer);
      queue.attach(consumer);
      return consumerTag;
    });
  }

  cancel(consumerTag: string): Promise<void> {
    return this.#ask(() => {
      const consumer = this.consumers.get(consumerTag);
      this.consumers.delete(consumerTag);
      consumer?.queue.detach(consumer);
    });
  }

  ack(delivery: Delivery): void {
    const handedOut = this.#settle(delivery, 'ack');
    handedOut?.consumer.queue.settle();
    handedOut?.consumer.queue.handOut();
  }

  giveBack(delivery: Delivery): void {
    this.#return(this.#settle(delivery, 'give back'), this.link.broker.parts.countsGivenBack);
  }

  reject(delivery: Delivery): void {
    this.#return(this.#settle(delivery, 'reject'), true);
  }

  look(queueName: string): Promise<QueueLook | undefined> {
    return this.#ask(() => {
      if (this.link.broker.parts.chance.happens(0.1)) return undefined;
      const { ready, consumers } = this.link.broker.queue(queueName);
      return { ready: ready.length, consumers };
    });
  }

  async close(): Promise<void> {
    const leave = (): void => {
      this.returnEverything();
      this.#isOpen = false;
      this.link.subscribers.delete(this);
    };
    await this.#ask(leave).catch(() => undefined); // it is closed, whoever did it
  }

  /** The broker takes every consumer away, and says so. */
  cancelConsumers(): void {
    for (const [tag, consumer] of [...this.consumers]) {
      this.consumers.delete(tag);
      consumer.queue.detach(consumer);
      this.link.receive(() => {
        if (this.#isOpen) consumer.events.onCancelled();
      });
    }
  }

  /** The broker closes the channel, and nothing else. */
  breakOff(reason: string): void {
    if (!this.#isOpen || this.#isBroken) return;
    this.#isBroken = true;
    this.returnEverything();
    this.link.receive(() => this.ended(reason, true));
  }

  ended(reason: string, tells: boolean): void {
    if (!this.#isOpen) return;
    this.returnEverything();
    this.#isOpen = false;
    this.link.subscribers.delete(this);
    if (tells) this.#events.onLost(reason);
  }

  /** What the broker does when a channel ends: its consumers go, and what they had goes back and counts. */
  returnEverything(): void {
    for (const consumer of this.consumers.values()) consumer.queue.detach(consumer);
    this.consumers.clear();
    const handedOut = [...this.#handedOut.values()];
    this.#handedOut.clear();
    for (const { entry, consumer } of handedOut) consumer.queue.putBack(entry, true);
    for (const { consumer } of handedOut) consumer.queue.handOut();
  }

  /** Hands a message over; it may be lost on its way, and is then still owed. */
  deliver(entry: Entry, consumer: SimulatedConsumer): void {
    const tag = (this.#tags += 1);
    this.#handedOut.set(tag, { entry, consumer });
    this.link.receive(() => {
      if (!this.isOpen || !this.#handedOut.has(tag)) return;
      consumer.events.onDelivery({ tag, message: entry.message, earlierDeliveries: entry.returns });
    });
  }

  #settle(delivery: Delivery, how: string): HandedOut | undefined {
    if (!this.isOpen || this.#isBroken || this.link.isSilent || !this.link.process.isAlive) return undefined;
    const handedOut = this.#handedOut.get(delivery.tag);
    if (!handedOut) {
      this.link.broker.parts.journal.break('settles-once', `${how} of an unknown tag by ${this.link.name}`);
      this.breakOff('unknown delivery tag');
      return undefined;
    }
    this.link.broker.parts.journal.note(`${how} ${delivery.message.envelope.id} by ${this.link.name}`);
    this.#handedOut.delete(delivery.tag);
    handedOut.consumer.settled();
    return handedOut;
  }

  #return(handedOut: HandedOut | undefined, counts: boolean): void {
    if (!handedOut) return;
    handedOut.consumer.queue.putBack(handedOut.entry, counts);
    handedOut.consumer.queue.handOut();
  }

  #ask<T>(act: () => T): Promise<T> {
    if (!this.isOpen) return Promise.reject(new Error('channel is closed'));
    return this.link.request(() => {
      if (this.#isBroken || !this.#isOpen) throw new Error('channel is closed');
      return act();
    });
  }
}

/** One consumer on a channel, with as much room as its prefetch. */
export class SimulatedConsumer implements Taker {
  readonly #subscriber: SimulatedSubscriber;
  readonly queue: SimulatedQueue;
  readonly events: ConsumeEvents;
  #room: number;

  constructor(
    subscriber: SimulatedSubscriber,
    { queue, events, room }: { queue: SimulatedQueue; events: ConsumeEvents; room: number },
  ) {
    this.#subscriber = subscriber;
    this.queue = queue;
    this.events = events;
    this.#room = room;
  }

  get hasRoom(): boolean {
    return this.#room > 0;
  }

  take(entry: Entry): void {
    this.#room -= 1;
    this.#subscriber.deliver(entry, this);
  }

  settled(): void {
    this.#room += 1;
  }
}
