import type { BrokerLink, ChannelEvents, LinkEvents, Publisher, Subscriber } from '../../src/ports/broker.ts';
import type { SimulatedProcess } from '../process.ts';
import type { SimulatedBroker } from './broker.ts';
import { SimulatedPublisher } from './publisher.ts';
import { SimulatedSubscriber } from './subscriber.ts';

type Opening = {
  readonly process: SimulatedProcess;
  readonly name: string;
  readonly events: LinkEvents;
};

/** A goodbye that nobody answers is not waited for any longer. */
const goodbyeMostMs = 3_000;

/** Something under way to the broker. */
type Parcel = { arrive: (() => void) | undefined };

/** One connection. What is sent on it arrives in order, late, or never. */
export class SimulatedLink implements BrokerLink {
  readonly broker: SimulatedBroker;
  readonly process: SimulatedProcess;
  readonly name: string;
  readonly #events: LinkEvents;
  readonly publishers = new Set<SimulatedPublisher>();
  readonly subscribers = new Set<SimulatedSubscriber>();
  #isOpen = true;
  /** Half-open: both sides think that it is up, and nothing gets through. */
  isSilent = false;
  #underWay: Parcel[] = [];
  #held: Parcel[] = [];
  #sentUntilMs = 0;
  #receivedUntilMs = 0;
  #forgetEnd: () => unknown;

  constructor(broker: SimulatedBroker, { process, name, events }: Opening) {
    this.broker = broker;
    this.process = process;
    this.name = name;
    this.#events = events;
    this.#forgetEnd = process.atEnd(() => this.lose('process ended'));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  openPublisher(events: ChannelEvents): Promise<Publisher> {
    return this.request(() => {
      const publisher = new SimulatedPublisher(this, events);
      this.publishers.add(publisher);
      return publisher;
    });
  }

  openSubscriber(events: ChannelEvents): Promise<Subscriber> {
    return this.request(() => {
      const subscriber = new SimulatedSubscriber(this, events);
      this.subscribers.add(subscriber);
      return subscriber;
    });
  }

  close(): Promise<void> {
    if (!this.#isOpen) return Promise.resolve();
    const goodbyeMs = this.isSilent ? goodbyeMostMs : this.broker.latency();
    return this.process.answer(this.broker.parts.time.pause(goodbyeMs).then(() => this.lose('closed')));
  }

  /** A question to the broker and its answer; rejects when the connection is lost in between. */
  request<T>(act: () => T): Promise<T> {
    if (!this.#isOpen) return Promise.reject(new Error('connection is closed'));
    return new Promise<T>((resolve, reject) => {
      this.#waiting.add(reject);
      const settle = (answer: () => void): void => {
        this.#waiting.delete(reject);
        answer();
      };
      this.send(() => {
        const answer = outcomeOf(act);
        this.receive(() => settle(() => ('error' in answer ? reject(answer.error) : resolve(answer.value))));
      });
    });
  }

  readonly #waiting = new Set<(error: Error) => void>();

  /** Carries something to the broker, in order. */
  send(arrive: () => void, isPublish = false): void {
    const parcel: Parcel = { arrive };
    this.#underWay.push(parcel);
    const { time } = this.broker.parts;
    this.#sentUntilMs = Math.max(this.#sentUntilMs, time.nowMs + this.broker.latency());
    time.after(this.#sentUntilMs - time.nowMs, () => this.#arrived(parcel, isPublish));
  }

  /** Carries something to the process, in order. */
  receive(act: () => void): void {
    if (this.isSilent) return;
    const { time } = this.broker.parts;
    this.#receivedUntilMs = Math.max(this.#receivedUntilMs, time.nowMs + this.broker.latency());
    time.after(this.#receivedUntilMs - time.nowMs, () => {
      if (this.#isOpen && !this.isSilent) this.process.run(act);
    });
  }

  #arrived(parcel: Parcel, isPublish: boolean): void {
    if (!parcel.arrive) return;
    this.#underWay = this.#underWay.filter((one) => one !== parcel);
    if (this.isSilent || !this.#isOpen) return;
    if (isPublish && this.broker.isBlocked) {
      if (this.#held.length === 0) this.tellBlocked();
      this.#held.push(parcel);
      return;
    }
    parcel.arrive();
  }

  tellBlocked(): void {
    if (this.publishers.size > 0) this.receive(() => this.#events.onBlocked('memory alarm'));
  }

  tellUnblocked(): void {
    const held = this.#held;
    this.#held = [];
    if (this.publishers.size > 0) this.receive(() => this.#events.onUnblocked());
    for (const parcel of held) parcel.arrive?.();
  }

  /** The connection ends. What was under way has reached the broker as far as chance has it. */
  lose(reason: string): void {
    if (!this.#isOpen) return;
    const { chance, journal, time } = this.broker.parts;
    journal.note(`lost ${this.name}: ${reason}`);
    for (const parcel of this.#underWay) {
      if (this.isSilent || !chance.happens(0.5)) break;
      parcel.arrive?.();
    }
    for (const parcel of this.#underWay) parcel.arrive = undefined;
    this.#isOpen = false;
    this.#forgetEnd();
    this.broker.links.delete(this);
    for (const subscriber of this.subscribers) subscriber.returnEverything();
    const tellsChannels = chance.happens(0.5);
    time.after(chance.next() * 2, () => this.process.run(() => this.#tellLost(reason, tellsChannels)));
  }

  /** A client hears of its channels before the connection, or only of the connection. */
  #tellLost(reason: string, tellsChannels: boolean): void {
    for (const reject of this.#waiting) reject(new Error(`connection lost: ${reason}`));
    this.#waiting.clear();
    for (const channel of [...this.publishers, ...this.subscribers]) channel.ended(reason, tellsChannels);
    this.#events.onLost(reason);
  }
}

function outcomeOf<T>(act: () => T): { value: T } | { error: Error } {
  try {
    return { value: act() };
  } catch (error) {
    return { error: error as Error };
  }
}
