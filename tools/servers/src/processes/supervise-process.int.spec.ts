import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyProcess, isAlive } from '../machine/process-identity.ts';
import { recordedProcesses, stopRecordedProcesses } from './process-records.ts';
import { superviseProcess, type ProcessWanted, type SupervisedProcess } from './supervise-process.ts';

let stateDir: string;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'remitflow-supervise-'));
});

afterEach(async () => {
  await stopRecordedProcesses(stateDir, { graceMs: 0 });
  rmSync(stateDir, { recursive: true, force: true });
});

describe('a supervised process', () => {
  it('is recorded while it lives and ends when asked', async () => {
    const one = await supervise('quiet', 'exec sleep 60');
    expect(recordedProcesses(stateDir)).toMatchObject([{ name: 'quiet', pid: one.pid(), alive: true }]);
    await one.stop();
    expect(await one.ended).toEqual({ code: null, signal: 'SIGTERM' });
    expect(recordedProcesses(stateDir)).toEqual([]);
  });

  it('that does not listen is killed after its grace', async () => {
    const one = await supervise('deaf', 'trap "" TERM; echo ready; while :; do sleep 0.05; done', {
      graceMs: 100,
    });
    await until(() => readFileSync(join(stateDir, 'deaf.log'), 'utf8').includes('ready'));
    await one.stop();
    expect(await one.ended).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('tells its exit code and stays ended when no restart was asked for', async () => {
    const one = await supervise('short', 'exit 7');
    expect(await one.ended).toEqual({ code: 7, signal: null });
  });

  it('is started again when that was asked for, until it is stopped', async () => {
    const one = await supervise('again', 'exec sleep 60', { restartAfterMs: 5 });
    const first = one.pid();
    process.kill(first, 'SIGKILL');
    await until(() => one.pid() !== first);
    await one.stop();
    expect(identifyProcess(one.pid())).toBeUndefined();
  });

  it('that cannot be started is refused', async () => {
    const logFile = join(stateDir, 'none.log');
    const wanted = { name: 'none', command: '/no/such/program', args: [], env: {}, logFile };
    await expect(superviseProcess(wanted)).rejects.toMatchObject({ code: 'start-failed' });
  });

  it('is found and stopped by another run through its record', async () => {
    const one = await supervise('left', 'exec sleep 60');
    const [record] = recordedProcesses(stateDir);
    await stopRecordedProcesses(stateDir);
    expect(record && isAlive(record)).toBe(false);
    await one.ended;
  });

  it('can be stopped alone, by its name', async () => {
    const [one, other] = await Promise.all([
      supervise('w-1', 'exec sleep 60'),
      supervise('w-2', 'exec sleep 60'),
    ]);
    await stopRecordedProcesses(stateDir, { only: (name) => name === 'w-2' });
    await other.ended;
    expect(recordedProcesses(stateDir)).toMatchObject([{ name: 'w-1', pid: one.pid(), alive: true }]);
  });
});

function supervise(
  name: string,
  script: string,
  more: Partial<ProcessWanted> = {},
): Promise<SupervisedProcess> {
  return superviseProcess({
    name,
    command: '/bin/sh',
    args: ['-c', script],
    env: { PATH: process.env['PATH'] },
    logFile: join(stateDir, `${name}.log`),
    stateDir,
    ...more,
  });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
