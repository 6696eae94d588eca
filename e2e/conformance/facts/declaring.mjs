import { comesTrue, pause, refusal } from '../stage.mjs';

const quorum = { 'x-queue-type': 'quorum' };

/** `accepted`, or why not. */
async function declared(channel, { name, options }) {
  try {
    await channel.assertQueue(name, options);
    return 'accepted';
  } catch (error) {
    return refusal(error);
  }
}

async function deadLettered(stage, { strategy, message = {} }) {
  const channel = await stage.channel({ confirms: true });
  await channel.assertExchange('dlx', 'direct');
  await channel.assertQueue('q', {
    arguments: {
      ...quorum,
      'x-dead-letter-exchange': 'dlx',
      'x-dead-letter-routing-key': 'dead',
      'x-dead-letter-strategy': strategy,
      'x-overflow': 'reject-publish',
    },
  });
  channel.sendToQueue('q', Buffer.from('1'), message);
  await channel.waitForConfirms();
  const bind = async () => {
    await channel.assertQueue('dead', { arguments: quorum });
    await channel.bindQueue('dead', 'dlx', 'dead');
  };
  const reject = async () => {
    const delivery = await channel.get('q');
    channel.reject(delivery, false);
  };
  const arrived = async (ms) => {
    let found;
    await comesTrue(async () => (found = await channel.get('dead', { noAck: true })), ms);
    return found || undefined;
  };
  return { bind, reject, arrived };
}

export const declaring = [
  {
    name: 'a queue declared again with another delivery limit',
    expected: 'closes the channel: 406 PRECONDITION_FAILED',
    look: async (stage) => {
      const channel = await stage.channel();
      await channel.assertQueue('q', { arguments: { ...quorum, 'x-delivery-limit': 5 } });
      const options = { arguments: { ...quorum, 'x-delivery-limit': 6 } };
      return `closes the channel: ${await declared(channel, { name: 'q', options })}`;
    },
  },
  {
    name: 'a queue argument that the broker does not know is',
    expected: 'accepted',
    look: async (stage) => {
      const options = { arguments: { ...quorum, 'x-delayed-retry-type': 'all' } };
      return declared(await stage.channel(), { name: 'q', options });
    },
  },
  {
    name: 'a queue that is neither durable nor exclusive is',
    expected: (major, minor) => (major > 4 || (major === 4 && minor >= 3) ? 'refused' : 'accepted'),
    look: async (stage) => declared(await stage.channel(), { name: 'q', options: { durable: false } }),
  },
  {
    name: 'a prefetch over the whole channel, on a quorum queue,',
    expected: 'closes the connection: 540 NOT_IMPLEMENTED',
    look: async (stage) => {
      const channel = await stage.channel();
      await channel.assertQueue('q', { arguments: quorum });
      await channel.prefetch(10, true);
      channel.consume('q', () => undefined).catch(() => undefined);
      return `closes the connection: ${refusal(await channel.closedBy(5_000))}`;
    },
  },
  {
    name: 'an acknowledgement of an unknown delivery',
    expected: 'closes the channel: 406 PRECONDITION_FAILED',
    look: async (stage) => {
      const channel = await stage.channel();
      channel.ack({ fields: { deliveryTag: 99 } });
      return `closes the channel: ${refusal(await channel.closedBy(5_000))}`;
    },
  },
  {
    name: 'a passive declare, by a user who may configure nothing, needs',
    expected: 'no permission',
    look: async (stage) => {
      const admin = await stage.channel();
      await admin.assertQueue('q', { arguments: quorum });
      const tries = {
        'no permission': {},
        'permission to read': { read: '.*' },
        'permission to write': { write: '.*' },
      };
      for (const [what, rights] of Object.entries(tries)) {
        const channel = await stage.channel({ login: await stage.user(rights) });
        if (
          await channel.checkQueue('q').then(
            () => true,
            () => false,
          )
        )
          return what;
      }
      return 'permission to configure';
    },
  },
  {
    name: 'the broker proposes frames of at most',
    expected: '131072 bytes',
    look: async (stage) => `${(await stage.connect()).connection.frameMax} bytes`,
  },
  {
    name: 'a client that wants frames of at most 4096 bytes is',
    expected: (major, minor) => (major > 4 || (major === 4 && minor >= 1) ? 'refused' : 'accepted'),
    look: async (stage) =>
      stage.connect({ query: { frameMax: 4096 } }).then(
        () => 'accepted',
        () => 'refused',
      ),
  },
  {
    name: 'dead-lettered at most once, a message whose dead queue is missing is',
    expected: 'gone',
    look: async (stage) => {
      const { bind, reject, arrived } = await deadLettered(stage, { strategy: 'at-most-once' });
      await reject();
      await pause(500);
      await bind();
      return (await arrived(4_000)) ? 'kept until there is one' : 'gone';
    },
  },
  {
    name: 'dead-lettered at least once, a message whose dead queue is missing is',
    needsNode: true,
    expected: 'kept until there is one',
    look: async (stage) => {
      const again = 'dead_letter_worker_publisher_confirm_timeout';
      await stage.node.ctl(['eval', `application:set_env(rabbit, ${again}, 2000).`]);
      const { bind, reject, arrived } = await deadLettered(stage, { strategy: 'at-least-once' });
      await reject();
      await pause(500);
      await bind();
      return (await arrived(30_000)) ? 'kept until there is one' : 'gone';
    },
  },
  {
    name: 'an x-death header that a client made up is',
    expected: (major) => (major >= 4 ? 'not counted' : 'counted as if it were true'),
    look: async (stage) => {
      const made = [{ queue: 'q', reason: 'rejected', exchange: '', 'routing-keys': ['q'], count: 99 }];
      const dead = await deadLettered(stage, {
        strategy: 'at-most-once',
        message: { headers: { 'x-death': made } },
      });
      await dead.bind();
      await dead.reject();
      const { properties } = await dead.arrived(5_000);
      const counts = (properties.headers['x-death'] ?? []).map(({ count }) => Number(count));
      return counts.some((count) => count >= 99) ? 'counted as if it were true' : 'not counted';
    },
  },
];
