import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames } from '@remitflow/kernel';
import type { Bench, Measured, Table } from '../bench.ts';
import { bytesKept, bytesTable } from '../bytes-kept.ts';
import { benchPayees, payeesCsv, payeesMax } from '../claims/payees.ts';
import type { Instance } from '../instance.ts';
import { medianOf } from '../measure/median.ts';
import { rowsTable, watchRows } from '../rows-written.ts';
import { goTheWholeWay, type Way } from './go-the-way.ts';
import {
  claimsPerSecond,
  cpuInStages,
  cpuPer1000,
  depthsTable,
  processTable,
  secondsOf,
  stageCostsTable,
  stagesTable,
} from './way-tables.ts';

export async function measureWholeWay(bench: Bench, instance: Instance): Promise<Measured> {
  const { runs, claims, quick } = bench.settings;
  const ways: Way[] = [];
  const writing = quick ? undefined : await watchWriting(instance);
  for (let run = 0; run <= runs; run += 1) {
    const isWarmUp = run === 0;
    bench.say(`whole way: ${isWarmUp ? 'warming up' : `run ${run} of ${runs}, ${claims} claims`}`);
    const way = await goTheWholeWay(bench, instance, { claims: isWarmUp ? warmUpClaims(claims) : claims });
    if (!isWarmUp) ways.push(way);
  }
  const written = await writing?.stop(warmUpClaims(claims) + runs * claims);
  const wholeWay = {
    claims,
    claimsPerSecond: medianOf(ways, claimsPerSecond),
    cpuSecondsPer1000: cpuPer1000(ways),
    cpuSecondsPer1000ByStage: cpuInStages(ways),
    peakRssMb: peaksOf(ways),
    mostWaiting: mostWaiting(ways),
    seconds: secondsOf(ways),
    walMbPer1000: medianOf(ways, (way) => (way.walMb * 1000) / claims),
    ...written?.figures,
  };
  return {
    figures: { wholeWay, servers: instance.versions },
    tables: [
      stagesTable(`Whole way, ${claims} claims`, ways),
      processTable('… by process', ways),
      stageCostsTable('… by stage and process', ways),
      depthsTable('… what waited at most', ways),
      ...(written?.tables ?? []),
    ],
  };
}

type Written = { readonly figures: object; readonly tables: readonly Table[] };

/** Takes ten seconds at its end: statistics are not told at once. */
async function watchWriting(instance: Instance): Promise<{ stop(claims: number): Promise<Written> }> {
  const rows = await watchRows(databasesOf(instance));
  return {
    stop: async (claims) => {
      const rowsPer1000 = await rows.stop(claims);
      const kept = await bytesKept(instance.databaseUrl, claims);
      return {
        figures: { rowsPer1000, kept },
        tables: [rowsTable('… rows', rowsPer1000), bytesTable('… kept deflated or packed', kept)],
      };
    },
  };
}

const warmUpClaims = (claims: number): number => Math.min(claims, 2_000);

const databasesOf = (instance: Instance): Record<string, string> =>
  Object.fromEntries(serviceNames.map((name) => [name, instance.databaseUrl(name)]));

/** By service: the most memory it has held in any of the ways. */
export const peaksOf = (ways: readonly Way[]): Record<string, number> =>
  ofEach((name) => Math.max(...ways.map(({ used }) => used[name]!.peakRssMb)));

export const mostWaiting = (ways: readonly Way[]): Record<'queue' | 'outbox', Record<string, number>> => ({
  queue: ofEach((name) => Math.max(...ways.map(({ depths }) => depths.queue[name] ?? 0))),
  outbox: ofEach((name) => Math.max(...ways.map(({ depths }) => depths.outbox[name] ?? 0))),
});

/** Registers everybody whom files of claims bill for, whatever their size. */
export async function registerPayees(bench: Bench, instance: Instance): Promise<void> {
  const file = join(bench.folder, 'payees.csv');
  writeFileSync(file, payeesCsv(benchPayees(payeesMax)));
  await instance.tool('payees', 'import', file);
}

const ofEach = (figure: (service: string) => number): Record<string, number> =>
  Object.fromEntries(serviceNames.map((name) => [name, figure(name)]));
