import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@remitflow/kernel';
import { eventually, openTestBroker } from '@remitflow/testing';
import { connect, type ChannelModel } from 'amqplib';
import { openPublisher } from './amqp-publisher.ts';

describe('a channel to publish on', () => {
  let broker: Awaited<ReturnType<typeof openTestBroker>>;
  let connection: ChannelModel;

  beforeAll(async () => {
    broker = await openTestBroker();
    connection = await connect(broker.url);
    const channel = await connection.createChannel();
    await channel.assertExchange('facts', 'topic');
    for (const [queue, more] of [
      ['roomy', {}],
      ['full', { 'x-max-length': 0, 'x-overflow': 'reject-publish' }],
    ] as const) {
      await channel.assertQueue(queue, { arguments: { 'x-queue-type': 'quorum', ...more } });
      await channel.bindQueue(queue, 'facts', queue);
    }
    await channel.close();
  }, 60_000);

  afterAll(async () => {
    await connection.close();
    await broker.drop();
  });

  const aMessage = () => {
    const id = uuidV7();
    const time = new Date().toISOString();
    const envelope = { id, type: 'x', source: 'intake', subject: '', time, correlationId: id, digest: '' };
    return { envelope: { ...envelope, source: 'intake' as const }, body: Buffer.from('1') };
  };

  it('is given up once the broker refuses, since it may refuse for ever', async () => {
    let lost: string | undefined;
    const publisher = await openPublisher(connection, { onLost: (reason) => (lost = reason) });
    const publish = (key: string) => publisher.publish({ exchange: 'facts', key }, aMessage());
    expect(await publish('roomy')).toBe('confirmed');
    expect(await publish('nobody')).toBe('returned');
    expect(lost).toBeUndefined();
    await eventually(async () => (await publish('full')) === 'refused');
    await eventually(() => lost !== undefined);
    expect(await publish('roomy')).toBe('lost');
  });
});
