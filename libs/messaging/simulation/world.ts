import { RequestsSubmitted, serviceNames, type ServiceName } from '@remitflow/contracts';
import { SimulatedBroker } from './broker/broker.ts';
import { queueOf } from './broker/exchanges.ts';
import { Chance } from './chance.ts';
import { itemsOfSubmission, submission, submissionIdOf, type Item } from './claims.ts';
import { Journal } from './journal.ts';
import { ServiceHost } from './service-host.ts';
import type { Wrapping } from './wrapping.ts';
import { simulationSettings } from './settings.ts';
import { SimulatedStore } from './store/store.ts';
import { businessOf } from './store/unit.ts';
import { Troubles } from './troubles.ts';
import { VirtualTime } from './virtual-time.ts';
import type { Message } from '../src/ports/message.ts';

export type WorldOptions = {
  readonly seed: number;
  readonly keepsLines?: boolean;
  /** Nobody will compare what happened: saves a tenth of the time. */
  readonly unhashed?: boolean;
  readonly wrapping?: Wrapping;
};

/** A message that no service of ours said, and the one service whose queue it was put into. */
export type Injected = {
  readonly kind: 'altered' | 'stranger';
  readonly service: ServiceName;
  readonly message: Message;
};

const epochMs = Date.parse('2026-11-22T10:00:00.000Z');
/** A seed with all five services costs three times as much as one with those that a held request meets. */
const wholeChains = 0.12;
const smallCast: readonly ServiceName[] = ['intake', 'validation', 'audit'];
const submissionsMost = 2;
const itemsMost = 5;

/** Five services, their databases and the broker between them. */
export class World {
  readonly time = new VirtualTime();
  readonly chance: Chance;
  readonly journal: Journal;
  readonly broker: SimulatedBroker;
  readonly hosts: readonly ServiceHost[];
  readonly troubles = new Troubles();
  readonly injected: Injected[] = [];
  readonly submissions: (readonly Item[])[] = [];
  /** Whether claims go all the way through five services, or only to a reviewer's desk. */
  readonly isWholeChain: boolean;
  /** By how much the time of day went on while nobody looked. */
  leapMs = 0;
  #submitting = 0;

  constructor({ seed, keepsLines = false, unhashed = false, wrapping = {} }: WorldOptions) {
    this.chance = new Chance(seed);
    this.journal = new Journal(this.time, keepsLines, !unhashed);
    const { time, journal, troubles } = this;
    const countsGivenBack = this.chance.happens(0.5);
    this.broker = new SimulatedBroker({ time, journal, chance: this.chance.fork(), countsGivenBack });
    this.isWholeChain = this.chance.happens(wholeChains);
    const cast = this.isWholeChain ? serviceNames : smallCast;
    this.hosts = cast.map((service) => {
      const chance = this.chance.fork();
      const instant = (atMs: number): string => new Date(this.#epochMs() + atMs).toISOString();
      const store = new SimulatedStore({ service, time, journal, chance: chance.fork(), instant });
      return new ServiceHost({
        ...{ service, time, chance, journal, troubles, wrapping, store },
        broker: this.broker,
        settings: simulationSettings,
        epochMs: () => this.#epochMs(),
        holdsEverything: !this.isWholeChain,
      });
    });
  }

  #epochMs = (): number => epochMs + this.leapMs;

  host(service: ServiceName): ServiceHost {
    return this.hosts.find((host) => host.service === service)!;
  }

  /** Starts every service, and has claims submitted over the time given. */
  begin(durationMs: number): void {
    for (const host of this.hosts) host.start();
    const count = this.chance.between(1, submissionsMost);
    for (let place = 0; place < count; place += 1) {
      const items = itemsOfSubmission(place, this.chance.between(1, itemsMost));
      this.troubles.plan(items, { chance: this.chance, isWholeChain: this.isWholeChain });
      this.submissions.push(items);
      this.#submitting += 1;
      this.time.after(this.chance.between(0, durationMs), () => this.#submit(place, items));
    }
  }

  /** Somebody submits a file, and does so again until it is taken. */
  #submit(place: number, items: readonly Item[]): void {
    const [life] = this.host('intake').lives;
    const again = (): void => void this.time.after(400, () => this.#submit(place, items));
    if (!life?.process.isRunning) return again();
    let isSettled = false;
    const settle = (next: () => void): void => {
      if (isSettled) return;
      isSettled = true;
      next();
    };
    life.process.atEnd(() => settle(again));
    life.core
      .work(async ({ tx, outbox }) => {
        const options = { key: submissionIdOf(place), correlationId: submissionIdOf(place) };
        const messageId = outbox.add(RequestsSubmitted, submission(place, items), options);
        const itemIds = items.map(({ itemId }) => itemId);
        await businessOf(tx).insertSaid({ messageId, fact: RequestsSubmitted.name, itemIds });
      })
      .then(
        () => settle(() => (this.#submitting -= 1)),
        () => settle(again),
      );
  }

  /** Puts a message into a queue that no service of ours said. */
  inject(injected: Injected): void {
    this.injected.push(injected);
    this.broker.inject(queueOf(injected.service), injected.message);
  }

  /** What is still under way, in words; empty when everything has come to its end. */
  unfinished(): string[] {
    const left = (count: number, what: string): string[] => (count > 0 ? [`${count} ${what}`] : []);
    return [
      ...left(this.#submitting, 'submissions to come'),
      ...this.broker.queues.flatMap((queue) =>
        left(queue.isEmpty ? 0 : queue.ready.length + queue.unsettled, `in ${queue.name}`),
      ),
      ...this.hosts.flatMap(({ service, parts: { store } }) => [
        ...left(store.tables.unpublished.length, `unpublished in ${service}`),
        ...left(store.tables.awaiting.length, `without receipt in ${service}`),
        ...left(store.tables.retries.size, `to be tried again in ${service}`),
      ]),
      ...this.hosts.flatMap(({ service, lives }) => (lives.length === 0 ? [`${service} is not there`] : [])),
      ...this.hosts.flatMap(({ lives }) =>
        lives.flatMap(({ core, process }) => {
          const reason = core.unreadiness();
          return reason === undefined ? [] : [`${process.name} is not ready: ${reason}`];
        }),
      ),
    ];
  }

  /** When the last of what waits for its time is due. */
  get lastDueMs(): number {
    const dues = this.hosts.flatMap(({ parts: { store } }) =>
      [...store.tables.retries.values()].map(({ dueAtMs }) => dueAtMs),
    );
    return Math.max(0, ...dues);
  }
}
