import type { Bench, Measured } from '../bench.ts';
import { openInstance, type Instance } from '../instance.ts';
import { openPeers, type Peers } from '../peers.ts';
import type { Part } from '../settings.ts';
import { measureAudit } from './audit.ts';
import { measureContracts, measureEra, measureNacha } from './files.ts';
import { measureFloor } from './floor.ts';
import { measureGrowth } from './growth.ts';
import { measureNaive } from './naive.ts';
import { measureOneRequest } from './one-request.ts';
import { ratiosOf } from './ratios.ts';
import { measureWholeWay, registerPayees } from './whole-way.ts';
import { measureX12 } from './x12.ts';

/** Parts that need nothing but a process … */
const alone: Readonly<Partial<Record<Part, (bench: Bench) => Promise<Measured>>>> = {
  x12: measureX12,
  nacha: measureNacha,
  era: measureEra,
  contracts: measureContracts,
};

/** … and those over the running product, which is started for the first of them and stopped after the last. */
const overProduct: Readonly<Partial<Record<Part, (bench: Bench, instance: Instance) => Promise<Measured>>>> =
  {
    'whole-way': measureWholeWay,
    'one-request': measureOneRequest,
    audit: measureAudit,
    growth: measureGrowth,
  };

/** … and what the product is held against, once nothing of the product runs any more. */
const overPeers: Readonly<Partial<Record<Part, (bench: Bench, peers: Peers) => Promise<Measured>>>> = {
  naive: measureNaive,
  floor: measureFloor,
};

type Take = (measured: Measured) => void;

/** Part by part, so that what was measured is seen although a later part fails. */
export async function measureParts(bench: Bench, take: Take): Promise<void> {
  const { parts } = bench.settings;
  for (const part of parts) if (alone[part]) take(await timed(bench, part, () => alone[part]!(bench)));
  if (parts.some((part) => overProduct[part])) await measureProduct(bench, take);
  if (parts.some((part) => overPeers[part])) await measurePeers(bench, take);
  take(ratiosOf(bench.figures));
}

async function measureProduct(bench: Bench, take: Take): Promise<void> {
  const instance = await timed(bench, 'starting the product', async () => {
    const opened = await openInstance(bench);
    await registerPayees(bench, opened);
    return opened;
  });
  for (const part of bench.settings.parts) {
    const measure = overProduct[part];
    if (!measure) continue;
    await instance.statements?.begin();
    take(await timed(bench, part, () => measure(bench, instance)));
    if (instance.statements) take({ figures: {}, tables: await instance.statements.tables(part) });
  }
  await instance.close();
}

async function measurePeers(bench: Bench, take: Take): Promise<void> {
  const peers = await timed(bench, 'starting the servers of the peers', () => openPeers(bench));
  for (const part of bench.settings.parts) {
    const measure = overPeers[part];
    if (measure) take(await timed(bench, part, () => measure(bench, peers)));
  }
  await peers.close();
}

/** Says how long it took: who waits for the next run wants to know what for. */
async function timed<T>(bench: Bench, what: string, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const done = await work();
  bench.say(`${what}: ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  return done;
}
