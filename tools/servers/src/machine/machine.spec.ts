import { describe, expect, it } from '@jest/globals';
import { chooseAccount } from './account.ts';
import { identifyProcess, isAlive, startTicks } from './process-identity.ts';

describe('the account PostgreSQL runs as', () => {
  const root = 'root:x:0:0:root:/root:/bin/bash';
  const nobody = 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin';

  it('is an existing unprivileged one, postgres first', () => {
    const passwd = [root, nobody, 'postgres:x:101:104::/var/lib/postgresql:/bin/bash'].join('\n');
    expect(chooseAccount(passwd)).toEqual({ name: 'postgres', uid: 101, gid: 104 });
    expect(chooseAccount(`${root}\n${nobody}\n`)).toMatchObject({ name: 'nobody' });
  });

  it('is none when there is only root, under whatever name', () => {
    expect(chooseAccount(`${root}\npostgres:x:0:0::/:/bin/sh`)).toBeUndefined();
  });
});

describe('the identity of a process', () => {
  it('is its start time, though its name holds spaces and brackets', () => {
    const fields = Array.from({ length: 30 }, (_, index) => String(index + 4));
    expect(startTicks(`77 (a) b (c) S ${fields.join(' ')}`)).toBe('22');
    expect(startTicks(`77 (gone) Z ${fields.join(' ')}`)).toBeUndefined();
  });

  it('is not that of another process which has its number now', () => {
    const own = identifyProcess(process.pid);
    expect(own && isAlive(own)).toBe(true);
    expect(isAlive({ pid: process.pid, startedAt: 'an earlier boot:1' })).toBe(false);
  });
});
