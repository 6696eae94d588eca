import { pause } from '../waiting.mjs';

const locks = ['broker'];

/** kill -9 of a broker node, and its start over the same data. */
export const brokerKill = {
  kind: 'broker-kill',
  cards: 2,
  deal: ({ servers }, draw) => {
    const node = draw.pick(servers.rabbit.nodes);
    return { target: node.name, locks, run: (signal) => takeAway(node, () => node.kill(), { draw, signal }) };
  },
};

/** A broker node ends as it should, and starts again. */
export const brokerRestart = {
  kind: 'broker-restart',
  cards: 1,
  deal: ({ servers }, draw) => {
    const node = draw.pick(servers.rabbit.nodes);
    return {
      target: node.name,
      locks,
      run: (signal) => takeAway(node, () => node.terminate(), { draw, signal }),
    };
  },
};

async function takeAway(node, how, { draw, signal }) {
  await how();
  await pause(draw.between(0, 3_000), signal);
  await node.restart();
  return 1;
}

/** SIGSTOP of a broker node: connections stay open and nothing answers. */
export const brokerFreeze = {
  kind: 'broker-freeze',
  cards: 2,
  deal: ({ servers }, draw) => {
    const node = draw.pick(servers.rabbit.nodes);
    const forMs = draw.between(4_000, 26_000);
    return {
      target: `${node.name} for ${Math.round(forMs / 1000)} s`,
      locks,
      run: async (signal) => {
        node.stop();
        await pause(forMs, signal);
        node.cont();
        return 1;
      },
    };
  },
};

const alarm = ({ kind, on, off }) => ({
  kind,
  cards: 2,
  deal: ({ servers }, draw) => {
    const node = draw.pick(servers.rabbit.nodes);
    const forMs = draw.between(5_000, 12_000);
    return {
      target: `${node.name} for ${Math.round(forMs / 1000)} s`,
      locks,
      run: async (signal) => {
        await node.ctl(on);
        await pause(forMs, signal);
        await node.ctl(off);
        return 1;
      },
    };
  },
});

/** The broker takes no messages while it believes that memory, or disk, is short. */
export const alarms = [
  alarm({
    kind: 'memory-alarm',
    on: ['set_vm_memory_high_watermark', '0.00001'],
    off: ['set_vm_memory_high_watermark', 'absolute', '1GB'],
  }),
  alarm({
    kind: 'disk-alarm',
    on: ['set_disk_free_limit', '900000GB'],
    off: ['set_disk_free_limit', '200MB'],
  }),
];
