import type { ChannelModel, ConfirmChannel } from 'amqplib';
import type { Address, ChannelEvents, Publisher, PublishOutcome } from '../ports/broker.ts';
import type { Message } from '../ports/message.ts';
import { closeChannel } from './close-channel.ts';
import { toProperties } from './wire.ts';

export async function openPublisher(connection: ChannelModel, events: ChannelEvents): Promise<Publisher> {
  const channel = await connection.createConfirmChannel();
  const publisher = new AmqpPublisher(channel);
  let reason = 'closed';
  channel.on('error', (error: Error) => (reason = error.message));
  channel.on('close', () => {
    publisher.end();
    events.onLost(reason);
  });
  return publisher;
}

/** A return comes before its confirm, and in its order; publishes carry a number so that they can be told apart. */
class AmqpPublisher implements Publisher {
  readonly #channel: ConfirmChannel;
  readonly #returned = new Set<number>();
  readonly #pending = new Set<(outcome: PublishOutcome) => void>();
  #renewal: NodeJS.Timeout | undefined;
  #count = 0;
  #ended = false;

  constructor(channel: ConfirmChannel) {
    this.#channel = channel;
    channel.on('return', ({ properties }) => this.#returned.add(Number(properties.headers?.[publishHeader])));
  }

  publish({ exchange, key }: Address, { envelope, body }: Message): Promise<PublishOutcome> {
    if (this.#ended) return Promise.resolve('lost');
    const number = (this.#count += 1);
    const properties = toProperties(envelope);
    const headers: Record<string, unknown> = { ...properties.headers, [publishHeader]: number };
    return new Promise((resolve) => {
      const settle = (outcome: PublishOutcome): void => {
        this.#pending.delete(settle);
        resolve(outcome);
      };
      this.#pending.add(settle);
      try {
        this.#channel.publish(exchange, key, body, { ...properties, headers, mandatory: true }, (error) => {
          const returned = this.#returned.delete(number);
          if (!error) return settle(returned ? 'returned' : 'confirmed');
          if ((error as Error).message !== nacked) return settle('lost');
          this.#renewSoon();
          settle('refused');
        });
      } catch {
        settle('lost');
      }
    });
  }

  /** The channel is gone: nobody knows what became of what was not answered. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#renewal);
    for (const settle of [...this.#pending]) settle('lost');
  }

  /**
   * A channel that was opened while the leader of a queue was dying refuses everything for that queue for ever, long after
   * there is another leader, while a new channel is believed at once (RabbitMQ 3.10, docs/rabbitmq-versions.md).
   */
  #renewSoon(): void {
    this.#renewal ??= setTimeout(() => void closeChannel(this.#channel), renewAfterMs).unref();
  }
}

/** A queue that is full refuses, too: a new channel every moment would not empty it. */
const renewAfterMs = 500;

/** What amqplib calls the broker's refusal; every other error means that the channel is gone. */
const nacked = 'message nacked';

const publishHeader = 'publish';
