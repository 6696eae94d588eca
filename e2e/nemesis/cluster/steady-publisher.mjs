import { connect } from 'amqplib';

const windowMax = 50;
const connectTimeoutMs = 1_500;
const heartbeatSeconds = 2;
const silentMs = 2_000;
const steadyConfirms = 20;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Publishes numbers to a quorum queue without pause, over whichever node takes it, and remembers which were confirmed. One
 * that was not is said again over the next connection, as our relay does.
 */
export async function openSteadyPublisher({ nodes, queue }) {
  const confirmed = new Set();
  const open = new Map();
  const confirmedAt = [];
  const closing = new AbortController();
  let next = 0;
  await declare(nodes[0], queue);

  const say = (channel, number) => {
    open.set(number, Date.now());
    channel.publish('', queue, Buffer.from(String(number)), { persistent: true }, (refused) => {
      if (refused) return;
      open.delete(number);
      if (confirmed.has(number)) return;
      confirmed.add(number);
      confirmedAt.push(Date.now());
    });
  };

  const overOne = async (connection) => {
    const channel = await connection.createConfirmChannel();
    let alive = true;
    const gone = () => (alive = false);
    channel.on('error', gone).on('close', gone);
    connection.on('close', gone);
    const again = [...open.keys()];
    for (const number of again) say(channel, number);
    const openedAt = Date.now();
    while (alive && !closing.signal.aborted) {
      while (alive && open.size < windowMax) say(channel, next++);
      await pause(2);
      const heard = confirmedAt.at(-1) ?? 0;
      if (Date.now() - Math.max(openedAt, heard) > silentMs) return;
    }
  };

  const running = overAny(nodes, overOne, closing.signal);

  return {
    /** Milliseconds from a moment until confirms came steadily again; a few that were under way do not count. */
    async untilSteady(since) {
      await pause(100);
      for (;;) {
        const after = gapEnd(confirmedAt, since);
        if (after !== undefined) return after - since;
        await pause(10);
      }
    },
    async finish() {
      closing.abort();
      await running;
      const found = await readAll(nodes, queue);
      const lost = [...confirmed].filter((number) => !found.has(number)).length;
      const copies = [...found.values()].reduce((sum, count) => sum + count, 0);
      return { confirmed: confirmed.size, lost, saidTwice: copies - found.size };
    },
  };
}

/** Over one node after the other, as long as each of them takes anything. */
async function overAny(nodes, overOne, signal) {
  for (let turn = 0; !signal.aborted; turn += 1) {
    const connection = await connectTo(nodes[turn % nodes.length]);
    if (!connection) {
      await pause(25);
      continue;
    }
    await overOne(connection).catch(() => undefined);
    connection.connection.stream.destroy();
  }
}

/** When confirms are steady at the end: the first of the run that follows the longest silence after `since`. */
function gapEnd(confirmedAt, since) {
  const after = confirmedAt.filter((at) => at >= since);
  if (after.length < steadyConfirms || Date.now() - since < observeMs) return undefined;
  const times = [since, ...after];
  let [longest, end] = [0, since];
  for (let place = 1; place < times.length; place += 1) {
    const gap = times[place] - times[place - 1];
    if (gap > longest) [longest, end] = [gap, times[place]];
  }
  if (Date.now() - after.at(-1) >= longest) return undefined;
  const recent = after.filter((at) => at >= end);
  return recent.length >= steadyConfirms ? end : undefined;
}

/** Long enough for a failure to be felt. */
const observeMs = 4_000;

async function connectTo(node) {
  const url = new URL(node.url);
  url.searchParams.set('heartbeat', String(heartbeatSeconds));
  try {
    const connection = await connect(url.href, { timeout: connectTimeoutMs });
    connection.on('error', () => undefined);
    return connection;
  } catch {
    return undefined;
  }
}

async function declare(node, queue) {
  const connection = await connect(node.url);
  const channel = await connection.createChannel();
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await connection.close();
}

/** Until nothing has come for a while: what a passive declare says of a queue may be 0 while its leader is busy. */
async function readAll([node], queue) {
  const connection = await connect(node.url);
  const channel = await connection.createChannel();
  await channel.prefetch(1_000);
  const found = new Map();
  let heardAt = Date.now();
  await channel.consume(queue, (message) => {
    const number = Number(message.content.toString());
    found.set(number, (found.get(number) ?? 0) + 1);
    channel.ack(message);
    heardAt = Date.now();
  });
  while (Date.now() - heardAt < quietMs) await pause(50);
  await connection.close();
  return found;
}

const quietMs = 20_000;
