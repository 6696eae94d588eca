import { connect, createServer } from 'node:net';

/**
 * The way from one node to another. `cut` ends what goes over it and refuses anew, as a network does that answers;
 * `silence` lets nothing through and says nothing, as a broken one does; `heal` ends both, and what was held back by silence
 * arrives late.
 */
export async function openWire(targetPort) {
  const pairs = new Set();
  let state = 'whole';
  const server = createServer({ allowHalfOpen: false }, (near) => {
    if (state === 'cut') return near.resetAndDestroy();
    const far = connect({ host: '127.0.0.1', port: targetPort, noDelay: true });
    near.setNoDelay(true);
    const pair = [near, far];
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    near.pipe(far).pipe(near);
    if (state === 'silent') hold(pair);
    return undefined;
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));

  return {
    port: server.address().port,
    get connections() {
      return pairs.size;
    },
    cut() {
      state = 'cut';
      for (const pair of pairs) pair.forEach((socket) => socket.resetAndDestroy());
    },
    silence() {
      state = 'silent';
      for (const pair of pairs) hold(pair);
    },
    heal() {
      if (state === 'silent') for (const [near, far] of pairs) near.pipe(far).pipe(near);
      state = 'whole';
    },
    close() {
      server.close();
      for (const pair of pairs) pair.forEach((socket) => socket.destroy());
    },
  };
}

function hold([near, far]) {
  near.unpipe(far);
  far.unpipe(near);
  near.pause();
  far.pause();
}
