import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockHolder, releaseLock, takeLock } from './lock.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remitflow-lock-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock of a state folder', () => {
  it('is refused while its holder lives, and leaves nothing behind', () => {
    takeLock(folder);
    expect(() => takeLock(folder)).toThrow(expect.objectContaining({ code: 'already-running' }));
    expect(lockHolder(folder)?.pid).toBe(process.pid);
    releaseLock(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from a process that is gone, though its number lives on', () => {
    const gone = { pid: process.pid, startedAt: 'an earlier boot:1' };
    writeFileSync(join(folder, 'lock'), JSON.stringify(gone));
    expect(lockHolder(folder)).toBeUndefined();
    takeLock(folder);
    expect(lockHolder(folder)?.pid).toBe(process.pid);
  });

  it('is taken over when it was cut off while written', () => {
    writeFileSync(join(folder, 'lock'), '');
    takeLock(folder);
    expect(lockHolder(folder)?.pid).toBe(process.pid);
  });
});
