import { calmStore, type StoreWeather } from '../store/store.ts';
import type { Fault } from './fault.ts';

/** What happens to the database of a service. */
export const storeFaults: readonly Fault[] = [
  {
    kind: 'store-outage',
    mostMs: 5_000,
    begin: ({ world, chance }) => {
      const { service, parts } = chance.pick(world.hosts)!;
      world.journal.fault('store-outage', service);
      parts.store.stop();
      return () => parts.store.start();
    },
  },
  {
    kind: 'store-cut-off',
    mostMs: 0,
    begin: ({ world, chance }) => {
      const { service, parts } = chance.pick(world.hosts)!;
      if (!parts.store.isUp) return;
      world.journal.fault('store-cut-off', service);
      parts.store.terminate();
    },
  },
  {
    kind: 'store-stalls',
    mostMs: 0,
    begin: ({ world, chance }) => {
      const { service, parts } = chance.pick(world.hosts)!;
      world.journal.fault('store-stalls', service);
      parts.store.stall(chance.between(500, 5_000));
    },
  },
  weather('store-slow', { latencyMs: 400 }),
  weather('fails-before-commit', { failsBeforeCommit: 0.3 }),
  weather('fails-after-commit', { failsAfterCommit: 0.3 }),
  weather('contention', { contention: 0.15 }),
];

function weather(kind: string, change: Partial<StoreWeather>): Fault {
  return {
    kind,
    mostMs: 2_500,
    begin: ({ world, chance }) => {
      const { service, parts } = chance.pick(world.hosts)!;
      if (change.latencyMs) world.journal.fault(kind, service);
      Object.assign(parts.store.weather, change);
      return () => Object.assign(parts.store.weather, calm(change));
    },
  };
}

const calm = (change: Partial<StoreWeather>): Partial<StoreWeather> =>
  Object.fromEntries(Object.keys(change).map((name) => [name, calmStore[name as keyof StoreWeather]]));
