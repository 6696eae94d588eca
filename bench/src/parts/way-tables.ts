import { serviceNames } from '@remitflow/kernel';
import type { Table } from '../bench.ts';
import { medianOf } from '../measure/median.ts';
import type { Times, Way } from './go-the-way.ts';

export const claimsPerSecond = ({ claims, times }: Way): number => claims / times.remembered;

export function stagesTable(title: string, ways: readonly Way[]): Table {
  const stage = (name: string, end: keyof Times, start?: keyof Times): readonly (string | number)[] => [
    name,
    medianOf(ways, ({ times }) => times[end] - (start ? times[start] : 0)),
  ];
  return {
    title,
    head: ['', 's'],
    rows: [
      stage('sent and read', 'read'),
      stage('… decided, and heard of', 'decided', 'read'),
      stage('cycle closed', 'closed', 'decided'),
      stage('remittances posted', 'posted', 'closed'),
      stage('audit log complete', 'remembered', 'posted'),
      stage('all', 'remembered'),
      ['claims/s', medianOf(ways, claimsPerSecond)],
    ],
  };
}

export const secondsOf = (ways: readonly Way[]): Times => {
  const at = (name: keyof Times): number => medianOf(ways, ({ times }) => times[name]);
  return {
    read: at('read'),
    decided: at('decided'),
    closed: at('closed'),
    posted: at('posted'),
    remembered: at('remembered'),
  };
};

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
