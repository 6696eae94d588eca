import { connect } from 'amqplib';
import { comesTrue, pause } from '../stage.mjs';

const messages = 1_000;
const settledMs = 3_000;
const tries = 3;
const survivesWithinMs = 20_000;

/** Declares a queue, waits, publishes with confirms, kills the broker at once: how many of the confirmed are left. */
async function leftAfterKill(stage, { queue, waitMs }) {
  const channel = await stage.channel({ confirms: true });
  await channel.assertQueue(queue, { arguments: { 'x-queue-type': 'quorum' } });
  await pause(waitMs);
  for (let count = 0; count < messages; count += 1) {
    channel.sendToQueue(queue, Buffer.alloc(1_024), { persistent: true });
  }
  await channel.waitForConfirms();
  await stage.node.kill();
  await stage.node.restart();
  return countOf(stage, queue);
}

/** What is there is read, not asked for: a queue without a leader answers 0 to a passive declare. */
async function countOf(stage, queue) {
  const url = new URL(stage.node.url);
  url.pathname = `/${stage.vhost}`;
  let count = 0;
  const read = async () => {
    const connection = await connect(url.href, { timeout: 5_000 });
    connection.on('error', () => undefined);
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    channel.consume(queue, (delivery) => delivery && (count += 1)).catch(() => undefined);
    return comesTrue(() => count >= messages, survivesWithinMs);
  };
  await read().catch(() => undefined);
  return count;
}

export const dying = [
  {
    name: `of ${messages} confirmed messages in a queue ${settledMs / 1000} s old, a kill -9 leaves`,
    needsNode: true,
    expected: String(messages),
    look: async (stage) => String(await leftAfterKill(stage, { queue: 'settled', waitMs: settledMs })),
  },
  {
    name: `of ${messages} confirmed messages in a queue declared a moment before, a kill -9 may leave`,
    needsNode: true,
    /** A race that the broker may win: what is seen is written down, and nothing is expected. */
    look: async (stage) => {
      const seen = [];
      for (let turn = 0; turn < tries; turn += 1)
        seen.push(await leftAfterKill(stage, { queue: `fresh-${turn}`, waitMs: 0 }));
      return seen.join(', ');
    },
  },
];
