import { calmBroker, type BrokerWeather } from '../broker/broker.ts';
import { bindingsOf } from '../broker/exchanges.ts';
import type { Entry, SimulatedQueue } from '../broker/queue.ts';
import type { World } from '../world.ts';
import type { Fault, Scene } from './fault.ts';

/** What happens to the broker and to the connections with it. */
export const brokerFaults: readonly Fault[] = [
  weather('latency', { latencyMs: 900 }),
  weather('duplicates', { duplicates: 0.4 }),
  weather('losses', { losses: 0.4 }),
  weather('refusals', { refusals: 0.5 }),
  {
    kind: 'broker-restart',
    mostMs: 5_000,
    begin: ({ world }) => {
      if (!world.broker.isUp) return;
      world.journal.fault('broker-restart');
      world.broker.stop();
      return () => world.broker.start();
    },
  },
  {
    kind: 'queue-loses-all',
    mostMs: 1_500,
    begin: (scene) => {
      const { world } = scene;
      const queue = someQueue(scene);
      world.broker.stop();
      const lost = queue.lose((entry) => !isInjected(world, entry));
      if (lost > 0) world.journal.fault('queue-loses-all', `${lost} of ${queue.name}`);
      return () => world.broker.start();
    },
  },
  {
    kind: 'alarm',
    mostMs: 5_000,
    begin: ({ world }) => {
      world.journal.fault('alarm');
      world.broker.block();
      return () => world.broker.unblock();
    },
  },
  {
    kind: 'connection-closed',
    mostMs: 0,
    begin: ({ world, chance }) => {
      const link = chance.pick([...world.broker.links]);
      if (!link) return;
      world.journal.fault('connection-closed', link.name);
      link.lose('closed by an administrator');
    },
  },
  {
    kind: 'half-open',
    mostMs: 5_000,
    begin: ({ world, chance }) => {
      const link = chance.pick([...world.broker.links]);
      if (!link || link.isSilent) return;
      world.journal.fault('half-open', link.name);
      link.isSilent = true;
      return () => link.lose('missed heartbeats');
    },
  },
  {
    kind: 'channel-closed',
    mostMs: 0,
    begin: ({ world, chance }) => {
      const channels = [...world.broker.links].flatMap((link) => [...link.publishers, ...link.subscribers]);
      const channel = chance.pick(channels);
      if (!channel) return;
      world.journal.fault('channel-closed');
      channel.breakOff('precondition failed');
    },
  },
  {
    kind: 'consumers-cancelled',
    mostMs: 0,
    begin: ({ world, chance }) => {
      const subscribers = [...world.broker.links].flatMap((link) => [...link.subscribers]);
      const subscriber = chance.pick(subscribers.filter(({ consumers }) => consumers.size > 0));
      if (!subscriber) return;
      world.journal.fault('consumers-cancelled', subscriber.link.name);
      subscriber.cancelConsumers();
    },
  },
  {
    kind: 'reordering',
    mostMs: 0,
    begin: ({ world, chance }) => {
      const queues = world.broker.queues.filter(({ ready }) => ready.length > 1);
      for (const queue of queues) queue.shuffle(() => chance.next());
      if (queues.length > 0) world.journal.fault('reordering');
    },
  },
  {
    kind: 'binding-removed',
    mostMs: 5_000,
    begin: ({ world, chance }) => {
      const { service } = chance.pick(world.hosts)!;
      const binding = chance.pick(bindingsOf(service))!;
      world.journal.fault('binding-removed', `${binding.exchange} ${binding.key}`);
      world.broker.exchanges.unbind(binding);
      return () => world.broker.exchanges.bind(binding);
    },
  },
];

function weather(kind: string, change: Partial<BrokerWeather>): Fault {
  return {
    kind,
    mostMs: 2_500,
    begin: ({ world }) => {
      const { broker, journal } = world;
      Object.assign(broker.weather, change);
      if (change.latencyMs) journal.fault(kind);
      return () => Object.assign(broker.weather, calm(change));
    },
  };
}

const calm = (change: Partial<BrokerWeather>): Partial<BrokerWeather> =>
  Object.fromEntries(Object.keys(change).map((name) => [name, calmBroker[name as keyof BrokerWeather]]));

const someQueue = ({ world, chance }: Scene): SimulatedQueue => {
  const holding = world.broker.queues.filter(({ ready, unsettled }) => ready.length + unsettled > 0);
  return chance.pick(holding.length > 0 ? holding : world.broker.queues)!;
};

/** What nobody keeps a copy of cannot heal: losing it would only spoil the count. */
const isInjected = (world: World, { message }: Entry): boolean =>
  world.injected.some((one) => one.message === message);
