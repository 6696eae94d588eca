import { comesTrue, pause, soon } from '../stage.mjs';

const limit = 5;
const quorum = { 'x-queue-type': 'quorum' };

/** Nothing more comes when it has not come for so long. */
const quietMs = 1_500;
const handedOverMax = 40;

/** How often a message is handed over to one consumer that always answers alike. */
async function deliveriesOf(stage, { queue, answer }) {
  const channel = await stage.channel();
  await channel.prefetch(1);
  let [count, heardAt] = [0, Date.now()];
  await channel.consume(queue, (delivery) => {
    [count, heardAt] = [count + 1, Date.now()];
    if (count < handedOverMax) answer(channel, delivery);
  });
  await comesTrue(() => count >= handedOverMax || Date.now() - heardAt > quietMs, 60_000);
  return count;
}

/** … and to consumers that lose their connection each time. */
async function deliveriesToTheDying(stage, { queue }) {
  for (let count = 0; count < handedOverMax; count += 1) {
    const connection = await stage.connect();
    const channel = await stage.channel({ connection });
    const delivery = new Promise((resolve) => void channel.consume(queue, resolve));
    if (!(await soon(delivery, quietMs))) return count;
    connection.connection.stream.destroy();
  }
  return handedOverMax;
}

const limited = ({ name, deliveries, expected }) => ({
  name: `with a delivery limit of ${limit}, a message that always ${name} is handed over`,
  expected,
  look: async (stage) => {
    const channel = await stage.channel({ confirms: true });
    await channel.assertExchange('dlx', 'direct');
    await channel.assertQueue('dead', { arguments: quorum });
    await channel.bindQueue('dead', 'dlx', 'dead');
    await channel.assertQueue('q', {
      arguments: {
        ...quorum,
        'x-delivery-limit': limit,
        'x-dead-letter-exchange': 'dlx',
        'x-dead-letter-routing-key': 'dead',
      },
    });
    channel.sendToQueue('q', Buffer.from('1'));
    await channel.waitForConfirms();
    const count = await deliveries(stage);
    const set = await comesTrue(async () => (await channel.checkQueue('dead')).messageCount === 1, 3_000);
    return `${count} times, then ${set ? 'set aside' : 'kept'}`;
  },
});

const rejecting = (channel, delivery) => channel.reject(delivery, true);
const nacking = (channel, delivery) => channel.nack(delivery, false, true);

export const settling = [
  limited({
    name: 'comes back by reject',
    deliveries: (stage) => deliveriesOf(stage, { queue: 'q', answer: rejecting }),
    expected: '6 times, then set aside',
  }),
  limited({
    name: 'comes back by nack',
    deliveries: (stage) => deliveriesOf(stage, { queue: 'q', answer: nacking }),
    expected: (major, minor) =>
      major > 4 || (major === 4 && minor >= 3) ? '40 times, then kept' : '6 times, then set aside',
  }),
  limited({
    name: 'loses its connection',
    deliveries: (stage) => deliveriesToTheDying(stage, { queue: 'q' }),
    expected: '6 times, then set aside',
  }),
  {
    name: 'a second delivery is told by',
    expected: (major, minor) =>
      major > 4 || (major === 4 && minor >= 3)
        ? 'redelivered, x-acquired-count, x-delivery-count'
        : 'redelivered, x-delivery-count',
    look: async (stage) => {
      const channel = await stage.channel();
      await channel.assertQueue('q', { arguments: quorum });
      channel.sendToQueue('q', Buffer.from('1'));
      const deliveries = [];
      await channel.consume('q', (delivery) => {
        deliveries.push(delivery);
        if (deliveries.length === 1) channel.reject(delivery, true);
      });
      await comesTrue(() => deliveries.length === 2);
      const [, { fields, properties }] = deliveries;
      return [...(fields.redelivered ? ['redelivered'] : []), ...Object.keys(properties.headers).sort()].join(
        ', ',
      );
    },
  },
  {
    name: 'a queue that says nothing of a limit hands a message over',
    expected: (major) => (major >= 4 ? '21 times, then it is gone' : '40 times, and keeps it'),
    look: (stage) => withoutEnd(stage, quorum),
  },
  {
    name: 'a queue with the delivery limit -1 hands a message over',
    expected: (major) => (major >= 4 ? '40 times, and keeps it' : '1 times, then it is gone'),
    look: (stage) => withoutEnd(stage, { ...quorum, 'x-delivery-limit': -1 }),
  },
  {
    name: 'a consumer whose queue is deleted is told by',
    expected: 'a delivery of null',
    look: async (stage) => {
      const channel = await stage.channel();
      const other = await stage.channel();
      await channel.assertQueue('q', { arguments: quorum });
      const told = new Promise((resolve) => {
        void channel.consume('q', (delivery) =>
          resolve(delivery === null ? 'a delivery of null' : 'a message'),
        );
      });
      await pause(200);
      await other.deleteQueue('q');
      return (await soon(told, 5_000)) ?? 'nothing';
    },
  },
  {
    name: 'a consumer that never acknowledges, past the consumer timeout, loses',
    needsNode: true,
    expected: (major, minor) =>
      major > 4 || (major === 4 && minor >= 3) ? 'its subscription' : 'its channel',
    look: async (stage) => {
      const set = (name, value) =>
        stage.node.ctl(['eval', `application:set_env(rabbit, ${name}, ${value}).`]);
      await set('consumer_timeout', 1_500);
      await set('channel_tick_interval', 500);
      try {
        const channel = await stage.channel();
        await channel.assertQueue('q', { arguments: quorum });
        channel.sendToQueue('q', Buffer.from('1'));
        const cancelled = new Promise((resolve) => {
          void channel.consume('q', (delivery) => delivery === null && resolve('its subscription'));
        });
        const closed = channel.closedBy(30_000).then((error) => (error ? 'its channel' : undefined));
        return (await Promise.race([cancelled, closed])) ?? 'nothing within 30 s';
      } finally {
        await set('consumer_timeout', 1_800_000);
        await set('channel_tick_interval', 60_000);
      }
    },
  },
];

async function withoutEnd(stage, arguments_) {
  const channel = await stage.channel({ confirms: true });
  try {
    await channel.assertQueue('q', { arguments: arguments_ });
  } catch {
    return 'never: it cannot be declared';
  }
  channel.sendToQueue('q', Buffer.from('1'));
  await channel.waitForConfirms();
  const count = await deliveriesOf(stage, { queue: 'q', answer: rejecting });
  return count >= handedOverMax ? `${count} times, and keeps it` : `${count} times, then it is gone`;
}
