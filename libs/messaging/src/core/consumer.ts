import { setMaxListeners } from 'node:events';
import { CannotProceed } from '@remitflow/kernel';
import type { BrokerLink, Delivery, Subscriber } from '../ports/broker.ts';
import type { Message } from '../ports/message.ts';
import type { ConsumerState } from '../ports/observer.ts';
import { deadQueueOf, queueOf, receiptsQueueOf } from '../amqp/topology.ts';
import type { CoreOptions } from './core-options.ts';
import { LinkKeeper } from './link-keeper.ts';
import { backoffMs, inTime } from './waiting.ts';
import { WorkLine } from './work-line.ts';

/** What is done with what comes; each settles when the delivery may be acknowledged. */
export type Work = {
  process(message: Message): Promise<void>;
  takeReceipts(message: Message): Promise<void>;
  /** What the broker set aside after too many deliveries. */
  retryDead(message: Message): Promise<void>;
};

/** What lives and dies with one channel: an acknowledgement must never go to another one. */
type Session = {
  readonly subscriber: Subscriber;
  readonly ended: AbortController;
  tags: string[];
  /** Grows with every pause: who resumes from an earlier one leaves it to who resumes from the last. */
  pauses: number;
};

type Handle = (message: Message) => Promise<void>;

/**
 * Consumes one service's queues, one message after the other, small ones before bulk ones of those that are here. Recovers from a lost connection,
 * a closed channel and a consumer that the broker cancels; pauses while the database is away, without touching the
 * messages.
 */
export class Consumer {
  readonly #options: CoreOptions;
  readonly #work: Work;
  readonly #keeper: LinkKeeper;
  readonly #closing = new AbortController();
  #state: ConsumerState = 'connecting';
  #drift: readonly string[] = [];
  #session: Session | undefined;
  readonly #line = new WorkLine();

  constructor(options: CoreOptions, work: Work) {
    this.#options = options;
    this.#work = work;
    this.#keeper = new LinkKeeper({
      broker: options.broker,
      clock: options.clock,
      name: `remitflow-${options.service}-consume`,
      onOpen: (link) => this.#open(link),
      onLost: (reason) => this.#lost(reason),
    });
  }

  get state(): ConsumerState {
    return this.#state;
  }

  /** In what the broker differed from what must be there when it was looked at last. */
  get drift(): readonly string[] {
    return this.#drift;
  }

  /** Resolves once everything that the broker has handed over is dealt with. */
  idle(): Promise<void> {
    return this.#line.idle();
  }

  start(): void {
    this.#keeper.start();
    void this.#watchTopology();
  }

  /** Stops deliveries, finishes the message that was begun, gives the others back, and leaves. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#become('draining');
    this.#closing.abort('over');
    const session = this.#session;
    if (session) await this.#cancelAll(session);
    await this.#line.idle();
    this.#endSession();
    await session?.subscriber.close();
    await this.#keeper.close();
    this.#become('closed');
  }

  #become(state: ConsumerState): void {
    this.#state = state;
    this.#options.observer.observe({ kind: 'consumer', state });
  }

  async #open(link: BrokerLink): Promise<void> {
    await this.#checkTopology();
    const ended = new AbortController();
    setMaxListeners(0, ended.signal); // every pause of a session waits on its end
    const subscriber = await link.openSubscriber({
      onLost: (reason) => {
        this.#options.log.warn({ reason }, 'channel closed');
        ended.abort('over');
        if (!this.#closing.signal.aborted) void this.#keeper.reset();
      },
    });
    if (this.#closing.signal.aborted) return;
    const session: Session = { subscriber, tags: [], ended, pauses: 0 };
    this.#session = session;
    await this.#consume(session, this.#options.settings.prefetch);
  }

  async #watchTopology(): Promise<void> {
    const { clock, settings } = this.#options;
    while (!this.#closing.signal.aborted) {
      await clock.pause(settings.topologyEveryMs, this.#closing.signal);
      if (!this.#closing.signal.aborted) await this.#checkTopology();
    }
  }

  /** A service that hears less than it should goes on with what it hears, but does not say that it is ready. */
  async #checkTopology(): Promise<void> {
    const { topology, log, observer } = this.#options;
    try {
      const drift = await topology();
      if (drift.length > 0 && drift.join() !== this.#drift.join()) log.error({ drift }, 'topology drifted');
      this.#drift = drift;
      observer.observe({ kind: 'topology', drift: drift.length });
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, 'topology not readable');
    }
  }

  async #consume(session: Session, prefetch: number): Promise<void> {
    const { service, log } = this.#options;
    const { subscriber, pauses } = session;
    await subscriber.prefetch(prefetch);
    const subscribe = (queue: string, handle: Handle): Promise<string> =>
      subscriber.consume(queue, {
        onDelivery: (delivery) => this.#enqueue(session, delivery, handle),
        onCancelled: () => this.#cancelled(session),
      });
    const tags = [
      await subscribe(queueOf(service), (message) => this.#work.process(message)),
      await subscribe(receiptsQueueOf(service), (message) => this.#receipts(message)),
      await subscribe(deadQueueOf(service), (message) => this.#work.retryDead(message)),
    ];
    if (this.#closing.signal.aborted || pauses !== session.pauses)
      return this.#cancelAll({ tags, subscriber });
    session.tags = tags;
    this.#become('consuming');
    log.info({ queue: queueOf(service) }, 'consuming');
  }

  async #cancelAll({ tags, subscriber }: Pick<Session, 'tags' | 'subscriber'>): Promise<void> {
    await Promise.all(tags.map((tag) => subscriber.cancel(tag).catch(() => undefined)));
  }

  /** The broker took the consumer away (queue moved, consumer too slow): begin again on a new connection. */
  #cancelled(session: Session): void {
    if (session !== this.#session || this.#closing.signal.aborted) return;
    this.#options.log.warn({}, 'consumer cancelled by the broker');
    this.#become('connecting');
    void this.#keeper.reset();
  }

  #lost(reason: string): void {
    this.#endSession();
    if (this.#closing.signal.aborted) return;
    this.#become('connecting');
    this.#options.log.warn({ reason }, 'broker connection lost');
  }

  #endSession(): void {
    this.#session?.ended.abort('over');
    this.#session = undefined;
  }

  #enqueue(session: Session, delivery: Delivery, handle: Handle): void {
    const { lightBytesMax } = this.#options.settings;
    const weight = delivery.message.body.length <= lightBytesMax ? 'light' : 'heavy';
    this.#line.add(weight, () => this.#take(session, delivery, handle));
  }

  async #take(session: Session, delivery: Delivery, handle: Handle): Promise<void> {
    if (this.#over(session)) return;
    if (this.#state === 'paused') return session.subscriber.giveBack(delivery);
    const { observer, pass } = this.#options;
    const fact = delivery.message.envelope.type;
    if (delivery.earlierDeliveries > 0) observer.observe({ kind: 'redelivered', fact });
    try {
      await handle(delivery.message);
      pass('before-ack');
      if (!session.ended.signal.aborted) session.subscriber.ack(delivery);
    } catch (error) {
      await this.#goesBack(session, delivery, error);
    }
  }

  /** A message that no hearer of ours sent is worth a line in the log, not a dead letter: it holds no business. */
  async #receipts(message: Message): Promise<void> {
    try {
      await this.#work.takeReceipts(message);
    } catch (error) {
      if (!(error instanceof CannotProceed)) throw error;
      this.#options.log.error(
        { reason: error.code, source: message.envelope.source },
        'receipts not understood',
      );
    }
  }

  /**
   * Nothing was attempted that lasts. In an outage the message goes back uncounted and the dependency is probed, not
   * the message; anything else the broker shall count, so that it cannot go round for ever.
   */
  async #goesBack(session: Session, delivery: Delivery, error: unknown): Promise<void> {
    const outage = this.#options.store.troubleOf(error) === 'outage';
    this.#options.log.warn({ outage, reason: reasonOf(error) }, 'message goes back');
    if (session.ended.signal.aborted) return;
    if (this.#state === 'consuming') this.#become('paused');
    session.pauses += 1;
    await this.#cancelAll(session);
    if (session.ended.signal.aborted) return;
    if (outage) session.subscriber.giveBack(delivery);
    else session.subscriber.reject(delivery);
    void this.#resumeWhenWell(session);
  }

  async #resumeWhenWell(session: Session): Promise<void> {
    const { clock, observer, log, settings } = this.#options;
    const { pauses } = session;
    observer.observe({ kind: 'circuit', open: true });
    await this.#untilStoreAnswers(session);
    if (this.#over(session) || pauses !== session.pauses) return;
    observer.observe({ kind: 'circuit', open: false });
    try {
      await inTime(clock, resumeWithinMs, this.#consume(session, 1));
      await inTime(clock, resumeWithinMs, this.#widen(session, settings.prefetch));
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, 'cannot consume again on this channel');
      void this.#keeper.reset();
    }
  }

  /** One message at first: what fails again must not have taken a whole window with it. */
  async #widen(session: Session, prefetch: number): Promise<void> {
    const { clock } = this.#options;
    const { tags: narrow, pauses } = session;
    await clock.pause(widenAfterMs, session.ended.signal);
    if (this.#over(session) || pauses !== session.pauses || this.#state !== 'consuming') return;
    await this.#consume(session, prefetch);
    await Promise.all(narrow.map((tag) => session.subscriber.cancel(tag).catch(() => undefined)));
  }

  async #untilStoreAnswers(session: Session): Promise<void> {
    const { clock, store } = this.#options;
    const stop = new AbortController();
    const end = (): void => stop.abort('over');
    session.ended.signal.addEventListener('abort', end, { once: true });
    this.#closing.signal.addEventListener('abort', end, { once: true });
    for (let failures = 0, isWell = false; !isWell && !this.#over(session); failures += 1) {
      const waitMs = backoffMs(failures, probeWaitMs, () => clock.random());
      await clock.pause(waitMs, stop.signal);
      isWell = await store.probe().then(
        () => true,
        () => false,
      );
    }
    session.ended.signal.removeEventListener('abort', end);
    this.#closing.signal.removeEventListener('abort', end);
  }

  #over(session: Session): boolean {
    return session.ended.signal.aborted || this.#closing.signal.aborted;
  }
}

const probeWaitMs = { firstMs: 100, mostMs: 2_000 } as const;
const widenAfterMs = 1_000;
const resumeWithinMs = 30_000;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
