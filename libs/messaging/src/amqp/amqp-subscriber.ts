import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { ChannelEvents, ConsumeEvents, Delivery, QueueLook, Subscriber } from '../ports/broker.ts';
import { earlierDeliveries, messageOf } from './wire.ts';

export async function openSubscriber(connection: ChannelModel, events: ChannelEvents): Promise<Subscriber> {
  const channel = await connection.createChannel();
  let reason = 'closed';
  let closing = false;
  channel.on('error', (error: Error) => (reason = error.message));
  channel.on('close', () => closing || events.onLost(reason));
  return new AmqpSubscriber(connection, channel, () => (closing = true));
}

class AmqpSubscriber implements Subscriber {
  readonly #connection: ChannelModel;
  readonly #channel: Channel;
  readonly #onClosing: () => void;

  constructor(connection: ChannelModel, channel: Channel, onClosing: () => void) {
    this.#connection = connection;
    this.#channel = channel;
    this.#onClosing = onClosing;
  }

  async prefetch(count: number): Promise<void> {
    await this.#channel.prefetch(count);
  }

  async consume(queue: string, { onDelivery, onCancelled }: ConsumeEvents): Promise<string> {
    const { consumerTag } = await this.#channel.consume(queue, (delivered) => {
      if (delivered) onDelivery(deliveryOf(delivered));
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

  /** On a channel of its own: asking for a queue that is not there ends the channel. */
  async look(queue: string): Promise<QueueLook | undefined> {
    try {
      const channel = await this.#connection.createChannel();
      channel.on('error', () => undefined);
      const { messageCount, consumerCount } = await channel.checkQueue(queue);
      await channel.close();
      return { ready: messageCount, consumers: consumerCount };
    } catch {
      return undefined;
    }
  }

  async close(): Promise<void> {
    this.#onClosing();
    await this.#channel.close().catch(() => undefined);
  }
}

const deliveryOf = (delivered: ConsumeMessage): Delivery => ({
  tag: delivered.fields.deliveryTag,
  message: messageOf(delivered),
  earlierDeliveries: earlierDeliveries(delivered),
});

/** All that amqplib needs of a message to answer to it. */
const answerTo = ({ tag }: Delivery): ConsumeMessage =>
  ({ fields: { deliveryTag: tag } }) as unknown as ConsumeMessage;
