import { pause } from '../waiting.mjs';

const locks = ['broker'];
const queues = ['intake', 'validation', 'payout', 'remittance', 'audit'].map(
  (service) => `remitflow.${service}`,
);

/** The node that leads the queue of some service; any, while nobody does. */
async function leaderFor({ rabbit }, draw) {
  return (await rabbit.cluster.leaderOf(draw.pick(queues))) ?? draw.pick(rabbit.nodes);
}

const onCluster = ({ kind, cards, deal }) => ({
  kind,
  cards,
  deal: (world, draw) => (world.servers.rabbit.cluster ? { locks, ...deal(world.servers, draw) } : undefined),
});

/** What only a cluster can suffer. */
export const clusterFaults = [
  onCluster({
    kind: 'leader-kill',
    cards: 5,
    deal: (servers, draw) => ({
      target: 'the leader of a queue',
      run: async (signal) => {
        const leader = await leaderFor(servers, draw);
        await leader.kill();
        await pause(draw.between(0, 5_000), signal);
        await leader.restart();
        return 1;
      },
    }),
  }),
  onCluster({
    kind: 'leader-freeze',
    cards: 3,
    deal: (servers, draw) => {
      const forMs = draw.between(5_000, 20_000);
      return {
        target: `the leader of a queue for ${Math.round(forMs / 1000)} s`,
        run: async (signal) => {
          const leader = await leaderFor(servers, draw);
          leader.stop();
          await pause(forMs, signal);
          leader.cont();
          await servers.rabbit.cluster.untilWhole();
          return 1;
        },
      };
    },
  }),
  onCluster({
    kind: 'majority-kill',
    cards: 3,
    deal: (servers, draw) => {
      const lost = draw.shuffled(servers.rabbit.nodes).slice(1);
      return {
        target: lost.map(({ name }) => name).join(' and '),
        run: async (signal) => {
          await Promise.all(lost.map((node) => node.kill()));
          await pause(draw.between(0, 5_000), signal);
          // Together: one alone would wait for the others.
          await Promise.all(lost.map((node) => node.restart()));
          await servers.rabbit.cluster.untilWhole();
          return lost.length;
        },
      };
    },
  }),
  onCluster({
    kind: 'partition',
    cards: 5,
    deal: (servers, draw) => {
      const node = draw.pick(servers.rabbit.nodes);
      const silent = draw.between(0, 1_000) < 500;
      const forMs = draw.between(3_000, 20_000);
      return {
        target: `${node.name} ${silent ? 'silent' : 'cut off'} for ${Math.round(forMs / 1000)} s`,
        run: async (signal) => {
          await servers.rabbit.cluster.partition(node, { silent });
          await pause(forMs, signal);
          await servers.rabbit.cluster.heal();
          return 1;
        },
      };
    },
  }),
  onCluster({
    kind: 'node-replaced',
    cards: 2,
    deal: (servers, draw) => {
      const node = draw.pick(servers.rabbit.nodes);
      return {
        target: node.name,
        run: async () => {
          await servers.rabbit.cluster.replace(node);
          return 1;
        },
      };
    },
  }),
];
