import { serviceNames, type ServiceName } from '@remitflow/contracts';
import type { Address, BrokerPort, LinkEvents, PublishOutcome } from '../../src/ports/broker.ts';
import type { Message } from '../../src/ports/message.ts';
import type { Chance } from '../chance.ts';
import type { Journal } from '../journal.ts';
import type { SimulatedProcess } from '../process.ts';
import type { VirtualTime } from '../virtual-time.ts';
import { deadQueueOf, Exchanges, queueOf, receiptQueueOf } from './exchanges.ts';
import { SimulatedLink } from './link.ts';
import { SimulatedQueue } from './queue.ts';

/** What the broker is like just now; probabilities are of one message in one queue. */
export type BrokerWeather = {
  /** The most that anything takes on its way, in milliseconds. */
  latencyMs: number;
  duplicates: number;
  /** Loses what it confirms. */
  losses: number;
  /** Will not take what is published. */
  refusals: number;
};

export const calmBroker: BrokerWeather = { latencyMs: 3, duplicates: 0, losses: 0, refusals: 0 };

export type BrokerParts = {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly journal: Journal;
  /** Whether what goes back unattempted counts as a delivery: until RabbitMQ 4.2 it does, from 4.3 it does not. */
  readonly countsGivenBack: boolean;
};

export const returnsMax = 20;

/** RabbitMQ as far as the runtime knows it, and everything it does on a bad day. */
export class SimulatedBroker {
  readonly parts: BrokerParts;
  readonly exchanges = new Exchanges();
  readonly weather: BrokerWeather = { ...calmBroker };
  readonly links = new Set<SimulatedLink>();
  /** Everything that was ever stored, by queue: what a duplicate is made of, three days later. */
  readonly history = new Map<string, Message[]>();
  readonly #queues = new Map<string, SimulatedQueue>();
  #isUp = true;
  #isBlocked = false;

  constructor(parts: BrokerParts) {
    this.parts = parts;
    for (const service of serviceNames) this.#declare(service);
  }

  #declare(service: ServiceName): void {
    const dead = new SimulatedQueue(deadQueueOf(service));
    const onOverLimit = (message: Message): void => {
      this.parts.journal.fault('over-limit', queueOf(service));
      dead.add(message);
    };
    for (const queue of [
      new SimulatedQueue(queueOf(service), { returnsMax, onOverLimit }),
      dead,
      new SimulatedQueue(receiptQueueOf(service), { returnsMax }),
    ]) {
      this.#queues.set(queue.name, queue);
      this.history.set(queue.name, []);
    }
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  get queues(): readonly SimulatedQueue[] {
    return [...this.#queues.values()];
  }

  queue(name: string): SimulatedQueue {
    const queue = this.#queues.get(name);
    if (!queue) throw new Error(`no queue ${name}`);
    return queue;
  }

  /** The broker as one process reaches it. */
  portOf(process: SimulatedProcess): BrokerPort {
    return {
      connect: (name, events) =>
        process.answer(this.#connect({ process, name: `${process.name} ${name}`, events })),
    };
  }

  latency(): number {
    return this.parts.chance.next() * this.weather.latencyMs;
  }

  /** Takes a message from a publisher, or does not. */
  accept({ exchange, key }: Address, message: Message): PublishOutcome {
    const { chance, journal } = this.parts;
    if (chance.happens(this.weather.refusals)) {
      journal.fault('refused', message.envelope.id);
      return 'refused';
    }
    const queues = this.exchanges.queuesFor(exchange, key);
    journal.note(
      `published ${message.envelope.type} ${message.envelope.id} to ${exchange} ${key}: ${queues.length}`,
    );
    for (const queue of queues) this.#keep(queue, message);
    if (queues.length === 0) journal.fault('returned', message.envelope.id);
    return queues.length === 0 ? 'returned' : 'confirmed';
  }

  /** Puts a message into a queue past every exchange: a duplicate, a forgery, a stranger. */
  inject(queue: string, message: Message): void {
    this.queue(queue).add(message);
  }

  #keep(name: string, message: Message): void {
    const { chance, journal } = this.parts;
    this.history.get(name)?.push(message);
    if (chance.happens(this.weather.losses)) {
      journal.fault('confirmed-and-lost', `${message.envelope.id} for ${name}`);
      return;
    }
    this.queue(name).add(message);
    if (!chance.happens(this.weather.duplicates)) return;
    journal.fault('duplicated', `${message.envelope.id} for ${name}`);
    this.queue(name).add(message);
  }

  async #connect(asked: {
    process: SimulatedProcess;
    name: string;
    events: LinkEvents;
  }): Promise<SimulatedLink> {
    await this.parts.time.pause(this.latency());
    if (!this.#isUp) throw new Error('connection refused');
    const link = new SimulatedLink(this, asked);
    this.links.add(link);
    this.parts.journal.note(`connected ${link.name}`);
    return link;
  }

  /** Memory or disk alarm: what is published is not read any more. */
  block(): void {
    this.#isBlocked = true;
    for (const link of this.links) link.tellBlocked();
  }

  unblock(): void {
    this.#isBlocked = false;
    for (const link of this.links) link.tellUnblocked();
  }

  stop(): void {
    this.#isUp = false;
    this.#isBlocked = false;
    for (const link of [...this.links]) link.lose('broker is gone');
  }

  start(): void {
    this.#isUp = true;
  }
}
