import { serviceNames } from '@remitflow/kernel';
import type { Table } from '../bench.ts';
import { medianOf } from '../measure/median.ts';
import type { Way } from './go-the-way.ts';
import { stages, type Stage, type Times } from './stages.ts';

export const claimsPerSecond = ({ claims, times }: Way): number => claims / times.remembered;

export function stagesTable(title: string, ways: readonly Way[]): Table {
  const rows = stages.map((stage, place) => {
    const before = stages[place - 1];
    return [stageNames[stage], medianOf(ways, ({ times }) => times[stage] - (before ? times[before] : 0))];
  });
  return {
    title,
    head: ['', 's'],
    rows: [
      ...rows,
      ['all', medianOf(ways, ({ times }) => times.remembered)],
      ['claims/s', medianOf(ways, claimsPerSecond)],
    ],
  };
}

const stageNames: Readonly<Record<Stage, string>> = {
  read: 'sent and read',
  decided: '… decided, and heard of',
  closed: 'cycle closed',
  posted: 'remittances posted',
  remembered: 'audit log complete',
};

export const secondsOf = (ways: readonly Way[]): Times =>
  ofEachStage((stage) => medianOf(ways, ({ times }) => times[stage]));

/** CPU seconds per 1,000 claims, by stage and process. */
export const cpuInStages = (ways: readonly Way[]): Readonly<Record<Stage, Record<string, number>>> =>
  ofEachStage((stage) =>
    cpuPer1000(ways.map(({ claims, usedInStages }) => ({ claims, used: usedInStages[stage] }))),
  );

/** What a stage costs whom: less than two processors' worth of its seconds means that somebody waits for something. */
export function stageCostsTable(title: string, ways: readonly Way[]): Table {
  const costs = cpuInStages(ways);
  return {
    title,
    head: ['CPU s per 1,000 claims', ...stages.map((stage) => stageNames[stage])],
    rows: Object.keys(costs.read).map((name) => [name, ...stages.map((stage) => costs[stage][name]!)]),
  };
}

const ofEachStage = <T>(figure: (stage: Stage) => T): Record<Stage, T> =>
  Object.fromEntries(stages.map((stage) => [stage, figure(stage)])) as Record<Stage, T>;

/** By process: CPU seconds per 1,000 claims, and the sum of all. */
export function cpuPer1000(ways: readonly Pick<Way, 'claims' | 'used'>[]): Record<string, number> {
  const names = Object.keys(ways[0]!.used);
  const each = names.map((name) => [
    name,
    medianOf(ways, ({ claims, used }) => (used[name]!.cpuSeconds * 1000) / claims),
  ]);
  const all = each.reduce((sum, [, figure]) => sum + (figure as number), 0);
  return { ...(Object.fromEntries(each) as Record<string, number>), all };
}

export function processTable(title: string, ways: readonly Pick<Way, 'claims' | 'used'>[]): Table {
  const cpu = cpuPer1000(ways);
  const rows = Object.keys(ways[0]!.used).map((name) => [
    name,
    cpu[name]!,
    Math.max(...ways.map(({ used }) => used[name]!.peakRssMb)),
    medianOf(ways, ({ claims, used }) => (used[name]!.writtenMb * 1000) / claims),
  ]);
  return {
    title,
    head: ['process', 'CPU s per 1,000 claims', 'peak RSS MB', 'MB written per 1,000 claims'],
    rows: [...rows, ['all', cpu['all']!, '', '']],
    note: 'Peak RSS is that of the largest single process of a tree; shared pages of PostgreSQL count in it.',
  };
}

export function depthsTable(title: string, ways: readonly Pick<Way, 'depths'>[]): Table {
  const most = (kind: 'queue' | 'outbox', name: string): number =>
    Math.max(...ways.map(({ depths }) => depths[kind][name] ?? 0));
  return {
    title,
    head: ['service', 'messages in its queue', 'facts in its outbox'],
    rows: serviceNames.map((name) => [name, most('queue', name), most('outbox', name)]),
  };
}
