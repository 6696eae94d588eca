import { CannotProceed } from '@remitflow/kernel';
import type { Message } from '../ports/message.ts';
import type { ConsumerState } from '../ports/observer.ts';
import type { StoreUnit } from '../ports/store.ts';
import { Consumer } from './consumer.ts';
import type { CoreOptions } from './core-options.ts';
import { attemptOf, retryDelaysMs } from './failure.ts';
import { TransactionOutbox } from './outbox.ts';
import { Processor } from './processor.ts';
import { ReceiptSender, takeReceipts } from './receipts.ts';
import { Relay } from './relay.ts';
import { RetryRunner } from './retry-runner.ts';
import type { Dispatch, Unit } from './unit.ts';
import { within } from './waiting.ts';

export type RuntimeCondition = {
  readonly consumer: ConsumerState;
  readonly relayConnected: boolean;
  readonly relayBlocked: boolean;
  /** In what the broker differs from what must be there; empty is well. */
  readonly drift: readonly string[];
};

/** Work and the runtime's tables in one transaction. */
export type CoreUnit = Unit & { readonly outbox: TransactionOutbox; readonly store: StoreUnit };

/**
 * Everything one service needs to hear and to say facts: relay, consumer, retries and receipts. It reaches for
 * nothing but what it is given.
 */
export class MessagingCore {
  readonly #options: CoreOptions;
  readonly #relay: Relay;
  readonly #receipts: ReceiptSender;
  #consumer: Consumer | undefined;
  #retries: RetryRunner | undefined;

  constructor(options: CoreOptions) {
    this.#options = options;
    this.#relay = new Relay(options);
    this.#receipts = new ReceiptSender(options, () => this.#relay.publisher);
  }

  /** Begins to publish, and to consume with the dispatch given. */
  start(dispatch: Dispatch): void {
    const processor = new Processor(this.#options, { dispatch, onSaid: () => this.#relay.wake() });
    this.#retries = new RetryRunner(this.#options, processor);
    this.#consumer = new Consumer(this.#options, {
      process: (message) => this.#process(processor, message),
      takeReceipts: (message) => takeReceipts(this.#options, message),
      retryDead: (message) => this.#retryDead(message),
    });
    this.#relay.start();
    this.#receipts.start();
    this.#retries.start();
    this.#consumer.start();
  }

  /** Work that no message started: an HTTP command or a job. Commits with what it says, or not at all. */
  async work<T>(perform: (unit: CoreUnit) => Promise<T>): Promise<T> {
    const { service, says, observer, store } = this.#options;
    const outbox = new TransactionOutbox({ service, says, traceParent: () => observer.traceParent() });
    const result = await store.transaction(async (unit) => {
      const value = await perform({ tx: unit.tx, outbox, store: unit });
      await outbox.write(unit.outbox);
      return value;
    });
    if (outbox.size > 0) this.#relay.wake();
    return result;
  }

  /** A retry was made due: begin it now. */
  wakeRetries(): void {
    this.#retries?.wake();
  }

  /** Resolves once everything that has been handed over is dealt with, or after the time given. */
  async caughtUp(withinMs: number): Promise<void> {
    const caughtUp = this.#consumer?.idle() ?? Promise.resolve();
    await within(this.#options.clock, { durationMs: withinMs, late: undefined }, caughtUp);
  }

  condition(): RuntimeCondition {
    return {
      consumer: this.#consumer?.state ?? 'connecting',
      relayConnected: this.#relay.connected,
      relayBlocked: this.#relay.blocked,
      drift: this.#consumer?.drift ?? [],
    };
  }

  /** Why the service is not ready; undefined when it consumes and can publish. */
  unreadiness(): string | undefined {
    const { consumer, relayConnected, relayBlocked, drift } = this.condition();
    if (consumer !== 'consuming') return `the consumer is ${consumer}`;
    if (!relayConnected) return 'no connection to publish on';
    if (relayBlocked) return 'the broker takes no messages (memory or disk alarm)';
    if (this.#relay.stuck) return 'the relay stands still';
    return drift.length > 0 ? `the broker is not as it must be: ${drift.join('; ')}` : undefined;
  }

  /** Cancels, finishes what was begun, publishes what was said, and leaves. */
  async close(): Promise<void> {
    const since = this.#options.clock.now().getTime();
    await this.#consumer?.close();
    await this.#retries?.close();
    await this.#receipts.close();
    await this.#relay.close();
    const durationMs = this.#options.clock.now().getTime() - since;
    this.#options.observer.observe({ kind: 'drained', durationMs });
  }

  async #process(processor: Processor, message: Message): Promise<void> {
    await processor.process(message);
    this.#receipts.note(message.envelope);
  }

  /**
   * What the broker set aside after too many deliveries: a message that ends its process, or an innocent one that was
   * in its company. It becomes a scheduled retry, whose starts are counted here.
   */
  async #retryDead(message: Message): Promise<void> {
    const { store, log, clock } = this.#options;
    const { envelope } = message;
    const attempts = [attemptOf(new CannotProceed('message.delivery-limit'), clock.now())];
    await store.transaction(async ({ inbox, retries }) => {
      if (await inbox.knows(envelope)) return;
      await retries.scheduleOnce({ ...message, attempts }, retryDelaysMs[0]);
    });
    this.#receipts.note(envelope);
    log.warn({ messageId: envelope.id, fact: envelope.type }, 'set aside by the broker, tried again later');
  }
}
