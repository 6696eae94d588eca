import { readdirSync, readFileSync } from 'node:fs';

/** What processes have used until now, and the most memory any one of them has held. */
export type Usage = {
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
  readonly writtenMb: number;
};

/** What the kernel tells of one process, proc(5). */
export type ProcessSeen = {
  readonly pid: number;
  readonly parent: number;
  /** In ticks, with the children that it has waited for. */
  readonly ticks: number;
};

/** USER_HZ is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;
const mebibyte = 1024 * 1024;

/**
 * The usage of processes and everything they have started. A child that has ended is counted in the one that waited
 * for it, so a database connection that came and went is not lost. Only Linux tells; elsewhere all is zero.
 */
export function usageOf(roots: readonly number[]): Usage {
  const tree = membersOf(roots, seenProcesses());
  return {
    cpuSeconds: sum(tree, (one) => one.ticks) / ticksPerSecond,
    peakRssMb: Math.max(0, ...tree.map((one) => peakKilobytes(tryRead(one.pid, 'status')) / 1024)),
    writtenMb: sum(tree, (one) => writtenBytes(tryRead(one.pid, 'io'))) / mebibyte,
  };
}

/** What was used between two looks; the peak is that of the later one. */
export const usedBetween = (before: Usage, after: Usage): Usage => ({
  cpuSeconds: after.cpuSeconds - before.cpuSeconds,
  peakRssMb: after.peakRssMb,
  writtenMb: after.writtenMb - before.writtenMb,
});

/**
 * CPU seconds of each process of a PostgreSQL by what its title says it is for: a database, or a worker's name. What
 * connections used that have ended is the postmaster's.
 */
export function postgresCpu(roots: readonly number[]): Readonly<Record<string, number>> {
  const used: Record<string, number> = {};
  for (const { pid, ticks } of membersOf(roots, seenProcesses())) {
    const purpose = postgresPurpose(tryRead(pid, 'cmdline'));
    used[purpose] = (used[purpose] ?? 0) + ticks / ticksPerSecond;
  }
  return used;
}

/** `postgres: user database 127.0.0.1(4711) idle` → database; `postgres: walwriter` → walwriter. */
export function postgresPurpose(title: string): string {
  const [, words = ''] = /^postgres: ([^\0]*)/.exec(title) ?? [];
  const client = /^\S+ (\S+) \d[\d.]*\(\d+\)/.exec(words);
  if (client) return client[1]!;
  return words.trim().replace(/ (remitflow|postgres|template)\w*$/, '') || 'postmaster and ended connections';
}

/** The processes with these ids and all their descendants. */
export function membersOf(roots: readonly number[], all: readonly ProcessSeen[]): readonly ProcessSeen[] {
  const members = new Map(all.filter((one) => roots.includes(one.pid)).map((one) => [one.pid, one]));
  for (let grew = true; grew;) {
    const children = all.filter((one) => members.has(one.parent) && !members.has(one.pid));
    for (const child of children) members.set(child.pid, child);
    grew = children.length > 0;
  }
  return [...members.values()];
}

/** Of /proc/PID/stat; the command name may hold blanks and brackets. */
export function seenIn(stat: string): ProcessSeen {
  const behindName = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [utime, stime, cutime, cstime] = behindName.slice(11, 15) as [number, number, number, number];
  return { pid: parseInt(stat, 10), parent: behindName[1]!, ticks: utime + stime + cutime + cstime };
}

/** VmHWM of /proc/PID/status, in kB: the most that was ever resident. */
export const peakKilobytes = (status: string): number => Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);

/** write_bytes of /proc/PID/io: what really went to the storage layer. */
export const writtenBytes = (io: string): number => Number(/^write_bytes: (\d+)/m.exec(io)?.[1] ?? 0);

/** Begins the peak anew, so that it is that of the run to come; needs the right to the process. */
export function forgetPeaks(roots: readonly number[], write: (file: string, text: string) => void): void {
  for (const { pid } of membersOf(roots, seenProcesses())) {
    try {
      write(`/proc/${pid}/clear_refs`, '5');
    } catch {
      // it has ended, or is not ours: its peak is then that of its whole life
    }
  }
}

function seenProcesses(): readonly ProcessSeen[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => tryRead(pid, 'stat')).flatMap((stat) => (stat ? [seenIn(stat)] : []));
}

/** Empty when the process has just ended. */
function tryRead(pid: number | string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

const sum = <T>(items: readonly T[], amount: (item: T) => number): number =>
  items.reduce((total, item) => total + amount(item), 0);
