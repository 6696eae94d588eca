import { connect, createServer } from 'node:net';

/**
 * A small TCP proxy that makes a network bad. `toxic` may be set while connections live: `latencyMs` delays every piece of data,
 * `bytesPerSecond` lets it trickle, `swallow` takes it and passes nothing on, as a half-open connection does.
 * `upstreams()` names where to go, the first that accepts is taken.
 */
export async function openProxy({ name, upstreams }) {
  const pairs = new Set();
  let toxic = {};
  const server = createServer({ pauseOnConnect: true }, (client) => {
    const pair = { client, upstream: undefined, lossy: false };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      pair.upstream?.destroy();
    };
    client.on('error', end).on('close', end);
    void reach(upstreams())
      .then((upstream) => {
        pair.upstream = upstream;
        if (client.destroyed) return upstream.destroy();
        upstream.on('error', end).on('close', end);
        carry(client, upstream, { toxic: () => toxic, pair });
        carry(upstream, client, { toxic: () => toxic, pair });
      })
      .catch(end);
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));

  return {
    name,
    port: server.address().port,
    get connections() {
      return pairs.size;
    },
    poison(wanted) {
      toxic = wanted;
    },
    /** A connection from which bytes are missing cannot go on: TCP would have ended it. */
    heal() {
      toxic = {};
      for (const pair of pairs) if (pair.lossy) cut(pair);
    },
    /** An RST to both sides, in the middle of whatever is being said. */
    reset() {
      for (const pair of pairs) cut(pair);
    },
    close() {
      server.close();
      for (const pair of pairs) cut(pair);
    },
  };
}

function cut({ client, upstream }) {
  for (const socket of [client, upstream]) socket?.resetAndDestroy();
}

async function reach(addresses) {
  let last = new Error('nowhere to connect to');
  for (const { host, port } of addresses) {
    try {
      return await open(host, port);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

const open = (host, port) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    socket.pause();
    socket.setTimeout(connectTimeoutMs, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', reject);
      resolve(socket);
    });
  });

const connectTimeoutMs = 3_000;

/** From one socket to the other, in order, one piece at a time: so a slow side slows the other down. */
function carry(from, to, { toxic, pair }) {
  let ready = Promise.resolve();
  from.on('data', (bytes) => {
    const { swallow, latencyMs = 0, bytesPerSecond } = toxic();
    if (swallow) {
      pair.lossy = true;
      return;
    }
    const waitMs = latencyMs + (bytesPerSecond ? (bytes.length / bytesPerSecond) * 1000 : 0);
    if (waitMs === 0 && !pair.queued?.has(from)) {
      if (!to.write(bytes)) pauseUntilDrained(from, to);
      return;
    }
    from.pause();
    queue(pair, from);
    ready = ready
      .then(() => new Promise((resolve) => setTimeout(resolve, waitMs)))
      .then(() => {
        pair.queued.delete(from);
        if (to.destroyed) return;
        if (to.write(bytes)) from.resume();
        else pauseUntilDrained(from, to);
      });
  });
  from.on('end', () => to.end());
  from.resume();
}

function queue(pair, from) {
  pair.queued ??= new Set();
  pair.queued.add(from);
}

function pauseUntilDrained(from, to) {
  from.pause();
  to.once('drain', () => from.resume());
}
