import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeJsonFile } from './machine/json-file.ts';
import { identifyProcess } from './machine/process-identity.ts';
import { guardScript } from './orphan-guard.ts';

let folder: string;
let service: ChildProcess;
let server: ChildProcess;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remitflow-guard-'));
  service = spawn('sleep', ['60']);
  server = spawn('sleep', ['60']);
  writeJsonFile(join(folder, 'processes', 'intake.json'), identifyProcess(service.pid ?? 0));
  writeFileSync(join(folder, 'guarded'), `INT ${server.pid}\n`);
  writeFileSync(join(folder, 'lock'), '{}');
});

afterEach(() => {
  service.kill('SIGKILL');
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('the guard against orphans', () => {
  it('stops services and servers and gives the lock back when its starter is killed', async () => {
    const ends = [once(service, 'exit'), once(server, 'exit')];
    const guard = startGuard();
    guard.stdin?.end();
    expect(await Promise.all(ends)).toEqual([
      [null, 'SIGTERM'],
      [null, 'SIGINT'],
    ]);
    await once(guard, 'exit');
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  it('leaves everything alone when its starter ends well', async () => {
    const guard = startGuard();
    guard.stdin?.end('done\n');
    await once(guard, 'exit');
    expect([service.exitCode, service.signalCode, server.signalCode]).toEqual([null, null, null]);
    expect(existsSync(join(folder, 'lock'))).toBe(true);
  });
});

function startGuard(): ChildProcess {
  return spawn('/bin/sh', ['-c', guardScript, 'guard', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}
