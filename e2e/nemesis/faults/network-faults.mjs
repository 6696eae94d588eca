import { serviceNames } from '@remitflow/kernel';
import { pause } from '../waiting.mjs';

const between = (kind, { cards, lastsMs, toxic, reset }) => ({
  kind,
  cards,
  deal: ({ instance }, draw) => {
    const service = draw.pick(serviceNames);
    const other = draw.pick(['broker', 'database']);
    const proxy = instance.services[service][`${other}Proxy`];
    const forMs = lastsMs ? draw.between(...lastsMs) : 0;
    return {
      target: `${proxy.name}${forMs ? ` for ${Math.round(forMs / 1000)} s` : ''}`,
      locks: [`network ${service} ${other}`],
      run: async (signal) => {
        if (reset) proxy.reset();
        if (toxic) proxy.poison(toxic(draw));
        await pause(forMs, signal);
        proxy.heal();
        return 1;
      },
    };
  },
});

/** What a network does to a service's connection to the broker or to its database. */
export const network = [
  between('network-latency', {
    cards: 4,
    lastsMs: [5_000, 15_000],
    toxic: (draw) => ({ latencyMs: draw.between(50, 500) }),
  }),
  between('network-reset', { cards: 5, reset: true }),
  between('network-half-open', { cards: 4, lastsMs: [5_000, 30_000], toxic: () => ({ swallow: true }) }),
  between('network-trickle', {
    cards: 3,
    lastsMs: [5_000, 12_000],
    toxic: () => ({ bytesPerSecond: 20_000 }),
  }),
];
