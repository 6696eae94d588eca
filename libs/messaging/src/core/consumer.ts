import { createHash } from 'node:crypto';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { ServiceName } from '@remitflow/contracts';
import { CannotProceed, remitflowNamespace, uuidV5 } from '@remitflow/kernel';
import type { Database } from '@remitflow/persistence';
import { BrokerConnection } from '../amqp/broker-connection.ts';
import type { Envelope } from './envelope.ts';
import { failureKind } from './failure.ts';
import type { Message, Processor } from './processor.ts';
import { assertOwn, brokerMajorOf, deadQueueOf, queueOf, verifyTopology } from '../amqp/topology.ts';
import type { RuntimeLog } from './unit.ts';
import { backoffMs, pause } from './waiting.ts';
import { toEnvelope } from '../amqp/wire.ts';

export type ConsumerState = 'connecting' | 'consuming' | 'paused' | 'draining' | 'closed';

export type ConsumerOptions = {
  readonly service: ServiceName;
  readonly brokerUrl: string;
  readonly processor: Processor;
  readonly retryDead: (message: Message) => Promise<void>;
  readonly database: Database;
  readonly log: RuntimeLog;
  /** Deliveries the broker may hand over before any is acknowledged. */
  readonly prefetch?: number;
};

/** What lives and dies with one channel: an acknowledgement must never go to another one. */
type Session = { readonly channel: Channel; tags: string[]; readonly ended: AbortController };

/**
 * Consumes one service's queue (and its dead queue), one message after the other so that order is kept. Recovers
 * from a lost connection, a closed channel and a consumer that the broker cancels; pauses while the database is
 * away, without touching the messages.
 */
export class Consumer {
  readonly #options: ConsumerOptions;
  readonly #broker: BrokerConnection;
  readonly #closing = new AbortController();
  #state: ConsumerState = 'connecting';
  #session: Session | undefined;
  #brokerMajor = 0;
  #working: Promise<void> = Promise.resolve();

  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#broker = new BrokerConnection({
      url: options.brokerUrl,
      name: `remitflow-${options.service}-consume`,
      events: {
        onOpen: (connection) => this.#open(connection),
        onLost: (reason) => this.#lost(reason),
      },
    });
  }

  get state(): ConsumerState {
    return this.#state;
  }

  start(): void {
    this.#broker.start();
  }

  /** Stops deliveries, finishes the message that was begun, gives the others back, and leaves. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'draining';
    this.#closing.abort();
    const session = this.#session;
    if (session)
      await Promise.all(session.tags.map((tag) => session.channel.cancel(tag).catch(() => undefined)));
    await this.#working;
    this.#endSession();
    await session?.channel.close().catch(() => undefined);
    await this.#broker.close();
    this.#state = 'closed';
  }

  async #open(connection: ChannelModel): Promise<void> {
    this.#brokerMajor = brokerMajorOf(connection);
    const channel = await connection.createChannel();
    const session: Session = { channel, tags: [], ended: new AbortController() };
    channel.on('error', (error: Error) =>
      this.#options.log.warn({ reason: error.message }, 'channel closed'),
    );
    channel.on('close', () => {
      session.ended.abort();
      if (this.#session === session) void this.#broker.reset();
    });
    await this.#standOnTopology(channel);
    await channel.prefetch(this.#options.prefetch ?? prefetchDefault);
    this.#session = session;
    if (this.#closing.signal.aborted) return;
    await this.#consume(session);
  }

  /**
   * Our own queues with the arguments they must have, and every binding of them: one that is missing would lose facts
   * without a word, since audit hears them all. Said again from time to time; throws when something drifted.
   */
  async #standOnTopology(channel: Channel): Promise<void> {
    const { service } = this.#options;
    await verifyTopology(channel, service);
    await assertOwn(channel, service, this.#brokerMajor);
  }

  async #keepTopology(session: Session): Promise<void> {
    const stop = AbortSignal.any([session.ended.signal, this.#closing.signal]);
    for (;;) {
      await pause(topologyEveryMs, stop);
      if (stop.aborted) return;
      try {
        await this.#standOnTopology(session.channel);
      } catch (error) {
        this.#options.log.error({ reason: reasonOf(error) }, 'topology drifted');
        return; // the broker has closed the channel; a new one is not ready until it is mended
      }
    }
  }

  async #consume(session: Session): Promise<void> {
    const { service } = this.#options;
    const subscribe = async (
      queue: string,
      work: (delivery: ConsumeMessage) => Promise<void>,
    ): Promise<string> => {
      const { consumerTag } = await session.channel.consume(queue, (delivery) => {
        if (delivery) this.#enqueue(session, delivery, work);
        else this.#cancelled(session);
      });
      return consumerTag;
    };
    session.tags = [
      await subscribe(queueOf(service), (delivery) => this.#take(delivery)),
      await subscribe(deadQueueOf(service), (delivery) => this.#options.retryDead(messageOf(delivery))),
    ];
    this.#state = 'consuming';
    void this.#keepTopology(session);
    this.#options.log.info({ queue: queueOf(service) }, 'consuming');
  }

  /** The broker took the consumer away (queue moved, consumer too slow): begin again on a new channel. */
  #cancelled(session: Session): void {
    if (session !== this.#session || this.#closing.signal.aborted) return;
    this.#options.log.warn({}, 'consumer cancelled by the broker');
    this.#state = 'connecting';
    void this.#broker.reset();
  }

  #lost(reason: string): void {
    this.#endSession();
    if (this.#closing.signal.aborted) return;
    this.#state = 'connecting';
    this.#options.log.warn({ reason }, 'broker connection lost');
  }

  #endSession(): void {
    this.#session?.ended.abort();
    this.#session = undefined;
  }

  #enqueue(
    session: Session,
    delivery: ConsumeMessage,
    work: (delivery: ConsumeMessage) => Promise<void>,
  ): void {
    this.#working = this.#working.then(async () => {
      if (session.ended.signal.aborted || this.#closing.signal.aborted) return;
      try {
        await work(delivery);
        if (!session.ended.signal.aborted) session.channel.ack(delivery);
      } catch (error) {
        await this.#giveBack(session, delivery, error);
      }
    });
  }

  async #take(delivery: ConsumeMessage): Promise<void> {
    await this.#options.processor.process(messageOf(delivery));
  }

  /** Nothing was attempted that lasts: the message goes back uncounted, and the dependency is probed, not the message. */
  async #giveBack(session: Session, delivery: ConsumeMessage, error: unknown): Promise<void> {
    const outage = failureKind(error) === 'outage';
    this.#options.log.warn({ outage, reason: reasonOf(error) }, 'message given back');
    if (session.ended.signal.aborted) return;
    if (this.#state === 'consuming') this.#state = 'paused';
    await Promise.all(session.tags.map((tag) => session.channel.cancel(tag).catch(() => undefined)));
    if (!session.ended.signal.aborted) session.channel.nack(delivery, false, true);
    await this.#untilDatabaseAnswers(session);
    if (!session.ended.signal.aborted && !this.#closing.signal.aborted) void this.#broker.reset();
  }

  async #untilDatabaseAnswers(session: Session): Promise<void> {
    const stop = AbortSignal.any([session.ended.signal, this.#closing.signal]);
    for (let failures = 0; !stop.aborted; failures += 1) {
      await pause(backoffMs(failures, { firstMs: 100, mostMs: 2_000 }), stop);
      try {
        return await this.#options.database.probe();
      } catch {
        continue;
      }
    }
  }
}

const topologyEveryMs = 15_000;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Enough that the broker never makes us wait, few enough that a bulk lane stays a few megabytes. */
const prefetchDefault = 8;

/** What cannot name itself gets an id made from its bytes, so that it is parked once. */
function messageOf(delivery: ConsumeMessage): Message {
  const body = delivery.content;
  try {
    return { envelope: toEnvelope(delivery), body };
  } catch (error) {
    if (!(error instanceof CannotProceed)) throw error;
    const digest = createHash('sha256').update(body).digest('hex');
    const id = uuidV5(remitflowNamespace, `unreadable/${digest}`);
    return { envelope: { ...nameless, id, correlationId: id, digest }, body };
  }
}

const nameless: Omit<Envelope, 'id' | 'correlationId' | 'digest'> = {
  type: 'unreadable',
  source: 'unknown',
  subject: '',
  time: '',
};
