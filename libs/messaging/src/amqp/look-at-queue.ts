import type { ChannelModel } from 'amqplib';
import type { QueueLook } from '../ports/broker.ts';
import { closeChannel } from './close-channel.ts';
import type { Management } from './management.ts';

export type LookAtQueue = (queue: string) => Promise<QueueLook | undefined>;

/** By a passive declare, on a channel of its own: asking for a queue that is not there ends the channel. */
export async function lookByAmqp(connection: ChannelModel, queue: string): Promise<QueueLook | undefined> {
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined); // the call below rejects as well
    const { messageCount, consumerCount } = await channel.checkQueue(queue);
    await closeChannel(channel);
    return { ready: messageCount, consumers: consumerCount };
  } catch {
    return undefined;
  }
}

type QueueFigures = { messages_ready?: number; consumers?: number };

/** Where new brokers refuse a passive declare of a queue that one may not read. A few seconds old. */
export function lookByManagement(management: Management, virtualHost: string): LookAtQueue {
  return async (queue) => {
    const path = `/api/queues/${encodeURIComponent(virtualHost)}/${encodeURIComponent(queue)}`;
    const figures = await management.find<QueueFigures>(path).catch(() => undefined);
    if (figures?.messages_ready === undefined) return undefined;
    return { ready: figures.messages_ready, consumers: figures.consumers ?? 0 };
  };
}
