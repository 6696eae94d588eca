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

/** Part by part, so that what was measured is seen although a later part fails. */
export async function measureParts(bench: Bench, take: (measured: Measured) => void): Promise<void> {
  const { parts } = bench.settings;
  for (const part of parts) if (alone[part]) take(await alone[part](bench));
  if (parts.some((part) => overProduct[part])) {
    const instance = await openInstance(bench);
    await registerPayees(bench, instance);
    for (const part of parts)
      if (overProduct[part]) await measureOverProduct(part, { bench, instance, take });
    await instance.close();
  }
  if (parts.some((part) => overPeers[part])) {
    const peers = await openPeers(bench);
    for (const part of parts) if (overPeers[part]) take(await overPeers[part](bench, peers));
    await peers.close();
  }
  take(ratiosOf(bench.figures));
}

type OverProduct = { readonly bench: Bench; readonly instance: Instance; take(measured: Measured): void };

async function measureOverProduct(part: Part, { bench, instance, take }: OverProduct): Promise<void> {
  await instance.statements?.begin();
  take(await overProduct[part]!(bench, instance));
  if (instance.statements) take({ figures: {}, tables: await instance.statements.tables(part) });
}
