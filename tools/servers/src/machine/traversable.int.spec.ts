import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTraversableByOthers, letOthersPass } from './traversable.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'remitflow-home-'));
  mkdirSync(join(home, 'project', 'state'), { recursive: true });
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('a path that another account must reach', () => {
  it('is closed by any closed folder above it, also while it does not exist yet', () => {
    chmodSync(home, 0o700);
    expect(isTraversableByOthers(join(home, 'project', 'state', 'data'))).toBe(false);
    chmodSync(home, 0o711);
    expect(isTraversableByOthers(join(home, 'project', 'state', 'data'))).toBe(true);
  });

  it('opens for passing, not for looking', () => {
    const state = join(home, 'project', 'state');
    chmodSync(home, 0o711);
    chmodSync(state, 0o700);
    letOthersPass(state);
    expect(statSync(state).mode & 0o777).toBe(0o701);
    expect(isTraversableByOthers(join(state, 'data'))).toBe(true);
  });
});
