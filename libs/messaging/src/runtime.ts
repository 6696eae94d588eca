import { operatingFacts, type FactContract, type ServiceName } from '@remitflow/contracts';
import { CannotProceed } from '@remitflow/kernel';
import type { Database } from '@remitflow/persistence';
import { Consumer, type ConsumerState } from './core/consumer.ts';
import { attemptOf, retryDelaysMs } from './core/failure.ts';
import { TransactionOutbox } from './core/outbox.ts';
import { Processor, type Message } from './core/processor.ts';
import { redrive } from './operating/redrive.ts';
import { factsSaid, outboxBacklog, Relay, type Backlog } from './core/relay.ts';
import { InboxStore } from './postgres/inbox.store.ts';
import { RetryStore } from './postgres/retries.store.ts';
import { RetryRunner } from './core/retry-runner.ts';
import type { Dispatch, RuntimeLog, Unit } from './core/unit.ts';

export type RuntimeOptions = {
  readonly service: ServiceName;
  readonly says: readonly FactContract[];
  readonly brokerUrl: string;
  readonly database: Database;
  readonly log: RuntimeLog;
  readonly prefetch?: number;
};

export type RuntimeCondition = {
  readonly consumer: ConsumerState;
  readonly relayConnected: boolean;
  readonly relayBlocked: boolean;
};

/** What the runtime itself says, in every service. */
export const platformFacts: readonly FactContract[] = operatingFacts;

/** Everything one service needs to hear and to say facts: consumer, relay and retries over its database. */
export class MessagingRuntime {
  readonly #options: RuntimeOptions;
  readonly #relay: Relay;
  #consumer: Consumer | undefined;
  #retries: RetryRunner | undefined;

  constructor(options: RuntimeOptions) {
    this.#options = { ...options, says: [...options.says, ...platformFacts] };
    this.#relay = new Relay(options);
  }

  get service(): ServiceName {
    return this.#options.service;
  }

  /** Begins to publish, and to consume with the dispatch given. */
  start(dispatch: Dispatch): void {
    const { service, says, database, log, brokerUrl, prefetch } = this.#options;
    const processor = new Processor({
      service,
      says,
      database,
      dispatch,
      log,
      onSaid: () => this.#relay.wake(),
    });
    this.#relay.start();
    this.#retries = new RetryRunner({ database, processor, log });
    this.#retries.start();
    const retryDead = (message: Message): Promise<void> => this.#retryDead(message);
    this.#consumer = new Consumer({ service, brokerUrl, processor, retryDead, database, log, prefetch });
    this.#consumer.start();
  }

  /** Work that no message started: an HTTP command or a job. Commits with what it says, or not at all. */
  async work<T>(perform: (unit: Unit) => Promise<T>): Promise<T> {
    const outbox = new TransactionOutbox(this.#options);
    const result = await this.#options.database.transaction(async (tx) => {
      const value = await perform({ tx, outbox });
      await outbox.write(tx);
      return value;
    });
    if (outbox.size > 0) this.#relay.wake();
    return result;
  }

  async redrive(deadLetterId: string, by: string): Promise<void> {
    const { service } = this.#options;
    await this.work(({ tx, outbox }) =>
      redrive({ tx, outbox: outbox as TransactionOutbox }, { service, deadLetterId, by }),
    );
  }

  condition(): RuntimeCondition {
    return {
      consumer: this.#consumer?.state ?? 'connecting',
      relayConnected: this.#relay.connected,
      relayBlocked: this.#relay.blocked,
    };
  }

  /** Why the service is not ready; undefined when it consumes and can publish. */
  unreadiness(): string | undefined {
    const { consumer, relayConnected, relayBlocked } = this.condition();
    if (consumer !== 'consuming') return `the consumer is ${consumer}`;
    if (!relayConnected) return 'no connection to publish on';
    return relayBlocked ? 'the broker takes no messages (memory or disk alarm)' : undefined;
  }

  backlog(): Promise<Backlog> {
    return outboxBacklog(this.#options.database);
  }

  said(): Promise<number> {
    return factsSaid(this.#options.database);
  }

  /** Cancels, finishes what was begun, publishes what was said, and leaves. */
  async close(): Promise<void> {
    await this.#consumer?.close();
    await this.#retries?.close();
    await this.#relay.close();
  }

  /**
   * What the broker set aside after too many deliveries: a message that ends its process, or an innocent one that was
   * in its company. It becomes a scheduled retry, whose starts are counted here.
   */
  async #retryDead({ envelope, body }: Message): Promise<void> {
    const attempts = [attemptOf(new CannotProceed('message.delivery-limit'), new Date())];
    await this.#options.database.transaction(async (tx) => {
      if (await new InboxStore(tx).knows(envelope)) return;
      await new RetryStore(tx).scheduleOnce({ envelope, body, attempts }, retryDelaysMs[0]);
    });
    this.#options.log.warn(
      { messageId: envelope.id, fact: envelope.type },
      'set aside by the broker, tried again later',
    );
  }
}
