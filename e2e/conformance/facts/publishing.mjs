import { comesTrue, pause, refusal, soon } from '../stage.mjs';

const quorum = { 'x-queue-type': 'quorum' };

export const publishing = [
  {
    name: 'a message that no queue wants is',
    expected: 'confirmed',
    look: async (stage) => {
      const channel = await stage.channel({ confirms: true });
      await channel.assertExchange('nobody', 'topic');
      channel.publish('nobody', 'x', Buffer.from('1'));
      await channel.waitForConfirms();
      return 'confirmed';
    },
  },
  {
    name: 'the same, published as mandatory, is',
    expected: 'returned, then confirmed',
    look: async (stage) => {
      const channel = await stage.channel({ confirms: true });
      await channel.assertExchange('nobody', 'topic');
      const order = [];
      channel.on('return', () => order.push('returned'));
      await new Promise((resolve) =>
        channel.publish('nobody', 'x', Buffer.from('1'), { mandatory: true }, () =>
          resolve(order.push('confirmed')),
        ),
      );
      return order.join(', then ');
    },
  },
  {
    name: 'a full queue with overflow reject-publish answers',
    expected: 'nack',
    look: async (stage) => {
      const channel = await stage.channel({ confirms: true });
      const full = { ...quorum, 'x-max-length': 3, 'x-overflow': 'reject-publish' };
      await channel.assertQueue('full', { arguments: full });
      for (let count = 1; count <= 200; count += 1) {
        const refused = await new Promise((resolve) =>
          channel.sendToQueue('full', Buffer.from('1'), {}, (error) => resolve(error)),
        );
        if (refused) return 'nack';
      }
      return 'ack of 200 messages in a queue for 3';
    },
  },
  {
    name: 'a message of 17 MiB is',
    expected: (major) => (major >= 4 ? 'refused: 406 PRECONDITION_FAILED' : 'confirmed'),
    look: async (stage) => {
      const channel = await stage.channel({ confirms: true });
      await channel.assertQueue('large', { arguments: quorum });
      const confirmed = new Promise((resolve) =>
        channel.sendToQueue('large', Buffer.alloc(17 * 1024 * 1024), {}, (error) =>
          resolve(error ? undefined : 'confirmed'),
        ),
      );
      const closed = channel.closedBy().then((error) => `refused: ${refusal(error)}`);
      return Promise.race([closed, confirmed.then((answer) => answer ?? closed)]);
    },
  },
  {
    name: 'a publish to a topic that the user may not write closes',
    expected: 'the channel: 403 ACCESS_REFUSED',
    look: async (stage) => {
      const admin = await stage.channel();
      await admin.assertExchange('facts', 'topic');
      const login = await stage.user({ write: '^facts$' });
      await stage.manage('PUT', `/topic-permissions/${stage.vhost}/${login.user}`, {
        exchange: 'facts',
        write: '^mine\\.',
        read: '^$',
      });
      const channel = await stage.channel({ confirms: true, login });
      channel.publish('facts', 'mine.x', Buffer.from('1'));
      await channel.waitForConfirms();
      channel.publish('facts', 'others.x', Buffer.from('1'));
      return `the channel: ${refusal(await channel.closedBy())}`;
    },
  },
  {
    name: 'a memory alarm blocks',
    needsNode: true,
    expected: 'connections that publish, and no others; it tells them so, and when it is over',
    look: async (stage) => {
      const publisher = await stage.connect();
      const hearer = await stage.connect();
      const said = { publisher: [], hearer: [] };
      for (const [who, connection] of Object.entries({ publisher, hearer }))
        for (const word of ['blocked', 'unblocked']) connection.on(word, () => said[who].push(word));
      const channel = await stage.channel({ connection: publisher, confirms: true });
      const hearing = await stage.channel({ connection: hearer });
      await channel.assertQueue('q', { arguments: quorum });
      for (let count = 0; count < 2; count += 1) channel.sendToQueue('q', Buffer.from('before'));
      await channel.waitForConfirms();
      await stage.node.ctl(['set_vm_memory_high_watermark', '0.00001']);
      channel.sendToQueue('q', Buffer.from('during'));
      const held = !(await soon(
        channel.waitForConfirms().then(() => true),
        2_000,
      ));
      const heard = [];
      await hearing.consume('q', (message) => heard.push(message), { noAck: true });
      const hears = await comesTrue(() => heard.length >= 2, 5_000);
      await stage.node.ctl(['set_vm_memory_high_watermark', 'absolute', '1GB']);
      const goesOn = await comesTrue(() => heard.length >= 3, 10_000);
      await pause(200);
      const told = said.publisher.join() === 'blocked,unblocked';
      return held && hears && goesOn && told
        ? 'connections that publish, and no others; it tells them so, and when it is over'
        : JSON.stringify({ held, hears, goesOn, said });
    },
  },
];
