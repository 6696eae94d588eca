import { operatingFacts, type FactContract, type ServiceName } from '@remitflow/contracts';
import { RetryLater } from '@remitflow/kernel';
import type { Database } from '@remitflow/persistence';
import { AmqpBroker } from './amqp/amqp-broker.ts';
import { deadQueueOf, queueOf, receiptsQueueOf } from './amqp/topology.ts';
import { MessagingCore, type CoreUnit, type RuntimeCondition } from './core/messaging-core.ts';
import { defaultSettings, type RuntimeSettings } from './core/settings.ts';
import type { Dispatch, RuntimeLog } from './core/unit.ts';
import { systemClock } from './core/waiting.ts';
import type { QueueLook } from './ports/broker.ts';
import type { Clock } from './ports/clock.ts';
import type { CrashPoint, PassPoint } from './ports/crash-points.ts';
import { unobserved, type Observer } from './ports/observer.ts';
import { factsSaid, outboxBacklog, receiptsAwaited, type Backlog } from './postgres/outbox-figures.ts';
import { PostgresStore } from './postgres/postgres-store.ts';
import type { MonthlyTable } from './postgres/retention.ts';
import { RetentionRunner } from './postgres/retention-runner.ts';

export type RuntimeOptions = {
  readonly service: ServiceName;
  readonly says: readonly FactContract[];
  /** One address, or those of the nodes of a cluster, parted by commas. */
  readonly brokerUrl: string;
  /** The broker's management interface: tells how full a queue is where AMQP may not ask. */
  readonly managementUrl?: string;
  readonly database: Database;
  readonly log: RuntimeLog;
  readonly observer?: Observer;
  /** Of the service, kept with what it could not process. */
  readonly release?: string;
  readonly settings?: Partial<RuntimeSettings>;
  /** In what the broker differs from what must be there; without it nothing is checked. */
  readonly topology?: () => Promise<readonly string[]>;
  readonly pass?: PassPoint;
  readonly clock?: Clock;
  /** Tables of the service that are kept by month. */
  readonly monthlyTables?: readonly MonthlyTable[];
};

/** What the runtime itself says, in every service. */
export const platformFacts: readonly FactContract[] = operatingFacts;

export type NamedQueue = { readonly name: string; readonly look?: QueueLook };

/** The message runtime of one service over RabbitMQ and its PostgreSQL database. */
export class MessagingRuntime {
  readonly #options: RuntimeOptions;
  readonly #broker: AmqpBroker;
  readonly #core: MessagingCore;
  readonly #retention: RetentionRunner;

  constructor(options: RuntimeOptions) {
    const { service, database, log, clock = systemClock } = options;
    const settings = { ...defaultSettings, ...options.settings };
    this.#options = options;
    this.#broker = new AmqpBroker(options.brokerUrl, options.managementUrl);
    this.#core = new MessagingCore({
      service,
      says: [...options.says, ...platformFacts],
      broker: this.#broker,
      store: new PostgresStore(database, service),
      clock,
      observer: options.observer ?? unobserved,
      log,
      pass: options.pass ?? (() => undefined),
      topology: options.topology ?? (() => Promise.resolve([])),
      settings,
      release: options.release ?? '',
    });
    const { inboxMonths } = settings;
    const { monthlyTables = [] } = options;
    this.#retention = new RetentionRunner({ database, clock, log, inboxMonths, monthlyTables });
  }

  get service(): ServiceName {
    return this.#options.service;
  }

  /** Of the service; empty when nobody has told. */
  get release(): string {
    return this.#options.release ?? '';
  }

  /** Passes a moment at which a fault test may end the process. */
  pass(point: CrashPoint): void {
    this.#options.pass?.(point);
  }

  /** Begins to publish, and to consume with the dispatch given. */
  start(dispatch: Dispatch): void {
    this.#core.start(dispatch);
    this.#retention.start();
  }

  /** Work that no message started: an HTTP command or a job. Commits with what it says, or not at all. */
  work<T>(perform: (unit: CoreUnit) => Promise<T>): Promise<T> {
    return this.#core.work(perform);
  }

  /** A retry was made due: begin it now. */
  wakeRetries(): void {
    this.#core.wakeRetries();
  }

  condition(): RuntimeCondition {
    return this.#core.condition();
  }

  /** Why the service is not ready; undefined when it consumes and can publish. */
  unreadiness(): string | undefined {
    return this.#core.unreadiness();
  }

  /**
   * For whoever takes work in from outside. Throws `RetryLater('broker.blocked')` while the broker takes no messages:
   * what would be taken now could only pile up here.
   */
  mustTakeWork(): void {
    if (this.condition().relayBlocked) throw new RetryLater('broker.blocked');
  }

  /**
   * For a source of work that can wait: resolves once everything that has been handed over is dealt with, or after the
   * time given. What came back from earlier work, and every single request, goes before more of it.
   */
  caughtUp(withinMs: number): Promise<void> {
    return this.#core.caughtUp(withinMs);
  }

  backlog(): Promise<Backlog> {
    return outboxBacklog(this.#options.database);
  }

  /** Published, and somebody has not receipted it yet. */
  awaited(): Promise<number> {
    return receiptsAwaited(this.#options.database);
  }

  said(): Promise<number> {
    return factsSaid(this.#options.database);
  }

  /** This service's queues as they are now; what the broker will not say is left out. */
  async queues(): Promise<NamedQueue[]> {
    const ignore = (): void => undefined;
    const link = await this.#broker.connect(`remitflow-${this.service}-look`, {
      onLost: ignore,
      onBlocked: ignore,
      onUnblocked: ignore,
    });
    try {
      const subscriber = await link.openSubscriber({ onLost: ignore });
      const names = [queueOf, receiptsQueueOf, deadQueueOf].map((nameOf) => nameOf(this.service));
      return await Promise.all(
        names.map(async (name) => {
          const look = await subscriber.look(name);
          return look ? { name, look } : { name };
        }),
      );
    } finally {
      await link.close();
    }
  }

  /** Cancels, finishes what was begun, publishes what was said, and leaves. */
  async close(): Promise<void> {
    await this.#retention.close();
    await this.#core.close();
  }
}
