import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { ChannelEvents, ConsumeEvents, Delivery, QueueLook, Subscriber } from '../ports/broker.ts';
import { closeChannel } from './close-channel.ts';
import { lookByAmqp, type LookAtQueue } from './look-at-queue.ts';
import { earlierDeliveries, messageOf } from './wire.ts';

export async function openSubscriber(
  connection: ChannelModel,
  events: ChannelEvents,
  lookElsewhere: LookAtQueue,
): Promise<Subscriber> {
  const channel = await connection.createChannel();
  let reason = 'closed';
  let closing = false;
  channel.on('error', (error: Error) => (reason = error.message));
  channel.on('close', () => closing || events.onLost(reason));
  return new AmqpSubscriber({ connection, channel, lookElsewhere, onClosing: () => (closing = true) });
}

type SubscriberParts = {
  readonly connection: ChannelModel;
  readonly channel: Channel;
  readonly lookElsewhere: LookAtQueue;
  readonly onClosing: () => void;
};

class AmqpSubscriber implements Subscriber {
  readonly #connection: ChannelModel;
  readonly #channel: Channel;
  readonly #lookElsewhere: LookAtQueue;
  readonly #onClosing: () => void;

  constructor(parts: SubscriberParts) {
    this.#connection = parts.connection;
    this.#channel = parts.channel;
    this.#lookElsewhere = parts.lookElsewhere;
    this.#onClosing = parts.onClosing;
  }

  async prefetch(count: number): Promise<void> {
    await this.#channel.prefetch(count);
  }

  async consume(queue: string, { onDelivery, onCancelled }: ConsumeEvents): Promise<string> {
    const { consumerTag } = await this.#channel.consume(queue, (delivered) => {
      if (delivered) onDelivery(deliveryOf(delivered, queue));
      else onCancelled();
    });
    return consumerTag;
  }

  async cancel(consumerTag: string): Promise<void> {
    await this.#channel.cancel(consumerTag);
  }

  ack(delivery: Delivery): void {
    this.#channel.ack(answerTo(delivery));
  }

  giveBack(delivery: Delivery): void {
    this.#channel.nack(answerTo(delivery), false, true);
  }

  reject(delivery: Delivery): void {
    this.#channel.reject(answerTo(delivery), true);
  }

  async look(queue: string): Promise<QueueLook | undefined> {
    return (await lookByAmqp(this.#connection, queue)) ?? (await this.#lookElsewhere(queue));
  }

  async close(): Promise<void> {
    this.#onClosing();
    await closeChannel(this.#channel);
  }
}

const deliveryOf = (delivered: ConsumeMessage, queue: string): Delivery => ({
  tag: delivered.fields.deliveryTag,
  message: messageOf(delivered, queue),
  earlierDeliveries: earlierDeliveries(delivered),
});

/** All that amqplib needs of a message to answer to it. */
const answerTo = ({ tag }: Delivery): ConsumeMessage =>
  ({ fields: { deliveryTag: tag } }) as unknown as ConsumeMessage;
