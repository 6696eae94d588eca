import { serviceNames } from '@remitflow/kernel';
import { ask } from '../http.mjs';
import { closeCycle } from '../load/cycles.mjs';
import { eventually, pause } from '../waiting.mjs';

const lockOf = (name) => `service ${name}`;
/** After its 10 s heartbeat was missed twice, the broker takes a connection for dead. */
const pastHeartbeatMs = [22_000, 32_000];
const sigtermWithinMs = 60_000;
const crashWithinMs = 20_000;

/** kill -9 of a service at any moment. */
export const kill = {
  kind: 'service-kill',
  cards: 8,
  deal: ({ instance }, draw) => {
    const name = draw.pick(serviceNames);
    return {
      target: name,
      locks: [lockOf(name)],
      run: async () => {
        await instance.services[name].process.kill();
        return 1;
      },
    };
  },
};

/** kill -9 of the bank: it goes on from its last step. */
export const bankKill = {
  kind: 'bank-kill',
  cards: 1,
  deal: ({ instance }) => ({
    target: 'bank',
    locks: ['bank'],
    run: async () => {
      await instance.bank.kill();
      return 1;
    },
  }),
};

/** A service dies at the very point where it hurts most, on the n-th time it passes. */
const crashAt = (point) => ({
  kind: `crash-${point}`,
  cards: 2,
  deal: ({ instance }, draw) => {
    const name = point === 'before-bank-record' ? 'payout' : draw.pick(serviceNames);
    const nth = point === 'before-bank-record' ? 1 : draw.between(1, 25);
    return {
      target: `${name} (${nth})`,
      locks: [lockOf(name)],
      run: (signal) => crash({ instance, name, armed: `${point}:${nth}` }, signal),
    };
  },
});

async function crash({ instance, name, armed }, signal) {
  const { process: service } = instance.services[name];
  await service.kill({ CRASH_AT: armed });
  const before = service.ends.length;
  service.expectEnd();
  if (name === 'payout')
    void eventually(() => service.pid, { withinMs: 5_000 }).then(() => closeCycle(instance));
  const reached = await eventually(() => service.ends.length > before, { withinMs: crashWithinMs, signal });
  if (reached) return 1;
  service.expectNoEnd();
  await service.kill();
  return 0;
}

export const crashes = [
  'before-commit',
  'before-publish',
  'before-confirm',
  'before-mark',
  'before-ack',
  'before-bank-record',
].map(crashAt);

/** SIGSTOP past the heartbeat, then SIGCONT: a worker that was taken for dead goes on. */
export const freeze = {
  kind: 'service-freeze',
  cards: 3,
  deal: ({ instance }, draw) => {
    const name = draw.pick(serviceNames);
    const forMs = draw.between(...pastHeartbeatMs);
    return {
      target: `${name} for ${Math.round(forMs / 1000)} s`,
      locks: [lockOf(name)],
      run: async (signal) => {
        instance.services[name].process.stop();
        await pause(forMs, signal);
        instance.services[name].process.cont();
        return 1;
      },
    };
  },
};

/** Every service in turn is asked to end, as a rolling deployment does; each has to exit with 0. */
export const rollingTerminate = {
  kind: 'service-sigterm',
  cards: 2,
  deal: ({ instance, book }, draw) => ({
    target: 'each service in turn',
    // Work that was begun is finished first, which takes a database that answers.
    locks: [
      'postgres',
      ...serviceNames.flatMap((name) => [lockOf(name), `network ${name} database`, `table ${name}`]),
    ],
    run: async (signal) => {
      let ended = 0;
      for (const name of draw.shuffled(serviceNames)) {
        if (signal.aborted) return ended;
        const { url, process: service } = instance.services[name];
        // One that has only begun to start has nothing to finish, and nobody yet who listens to signals.
        if ((await ask(`${url}/health/live`)).status !== 200) continue;
        const end = await service.terminate(sigtermWithinMs);
        if (!end) continue;
        book.terminations.push({ service: name, ...end });
        ended += 1;
        await pause(800, signal);
      }
      return ended;
    },
  }),
};
