import { afterAll, describe, expect, it } from '@jest/globals';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RailGateway } from './rail.gateway.ts';

describe('the folder that the bank picks files up from', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rail-'));
  const rail = new RailGateway(folder);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('shows a file of its own, so that ours stays whatever the bank does with it', async () => {
    await rail.keep(await rail.write('a.ach', ['first ', 'second']), 'a.ach');
    expect(readdirSync(folder).sort()).toEqual(['.a.ach.ready', 'kept']);
    await rail.makeVisible('a.ach');
    expect(statSync(join(folder, 'a.ach')).mode & 0o777).toBe(0o600);
    appendFileSync(join(folder, 'a.ach'), ' of the bank');
    expect(readFileSync(rail.pathOf('a.ach'), 'utf8')).toBe('first second');
    expect(readdirSync(join(folder, 'kept'))).toEqual(['a.ach']);
  });

  it('shows nothing that was taken away', async () => {
    await rail.keep(await rail.write('b.ach', ['third']), 'b.ach');
    await rail.takeAway('b.ach');
    await rail.makeVisible('b.ach');
    expect(readdirSync(folder)).not.toContain('b.ach');
  });

  it('keeps nothing of an attempt that was given up', async () => {
    await rail.write('c.ach', ['an account number']);
    await rail.takeAway('c.ach');
    await new RailGateway(join(folder, 'new')).takeAway('d.ach');
    expect(readdirSync(join(folder, 'kept')).filter((name) => name.includes('c.ach'))).toEqual([]);
  });
});
