import type { Channel } from 'amqplib';

/**
 * Takes leave of a channel. Over when the broker has answered or the channel is gone, whichever is first: amqplib's own
 * goodbye never ends when the connection is lost before the answer.
 */
export function closeChannel(channel: Channel): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => resolve();
    channel.once('close', done);
    Promise.resolve()
      .then(() => channel.close())
      .then(done, done);
  });
}
