import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import {
  membersOf,
  peakKilobytes,
  postgresPurpose,
  seenIn,
  usageOf,
  usedBetween,
  writtenBytes,
} from './process-usage.ts';

const stat =
  '4242 (post (gres) x) S 17 4242 4242 0 -1 4194560 9 8 7 6 150 50 30 20 20 0 1 0 123 456 789 18446744073709551615';

describe('what the kernel tells of a process', () => {
  it('is read behind a name with brackets and blanks, waited-for children included', () => {
    expect(seenIn(stat)).toEqual({ pid: 4242, parent: 17, ticks: 250 });
  });

  it('is zero where it says nothing', () => {
    expect(peakKilobytes('Name:\tnode\nVmPeak:\t  99 kB\nVmHWM:\t   81234 kB\n')).toBe(81_234);
    expect(peakKilobytes('')).toBe(0);
    expect(
      writtenBytes('rchar: 1\nwchar: 2\nread_bytes: 3\nwrite_bytes: 4096\ncancelled_write_bytes: 5\n'),
    ).toBe(4_096);
    expect(writtenBytes('')).toBe(0);
  });
});

describe('the title of a PostgreSQL process', () => {
  it.each([
    [
      'postgres: remitflow_intake remitflow_intake 127.0.0.1(53434) idle in transaction\0',
      'remitflow_intake',
    ],
    ['postgres: walwriter \0\0', 'walwriter'],
    ['postgres: autovacuum worker remitflow_audit\0', 'autovacuum worker'],
    ['/usr/lib/postgresql/15/bin/postgres\0-D\0data\0', 'postmaster and ended connections'],
  ])('%j says what it is for', (title, purpose) => expect(postgresPurpose(title)).toBe(purpose));
});

describe('a process tree', () => {
  const one = (pid: number, parent: number) => ({ pid, parent, ticks: 0 });

  it('holds every descendant, in whatever order they are found, and no stranger', () => {
    const all = [one(4, 3), one(3, 2), one(2, 1), one(9, 1), one(5, 4)];
    expect(
      membersOf([2], all)
        .map(({ pid }) => pid)
        .sort(),
    ).toEqual([2, 3, 4, 5]);
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;

  onLinux('tells the work of a grandchild that has ended', async () => {
    const work = 'const until = Date.now() + 300; while (Date.now() < until);';
    const script = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(work)}]);
      process.stdout.write('done'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const before = usageOf([child.pid!]);
      await once(child.stdout, 'data');
      const used = usedBetween(before, usageOf([child.pid!]));
      expect(used.cpuSeconds).toBeGreaterThan(0.1);
      expect(used.peakRssMb).toBeGreaterThan(10);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
