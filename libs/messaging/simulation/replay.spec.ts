import { describe, expect, it } from '@jest/globals';
import { simulate } from './simulate.ts';
import { violationsOf } from './seeds.ts';

const asked = process.env['REPLAY_SEED'];

describe('one seed, told line by line', () => {
  it('breaks nothing', async () => {
    const report = await simulate(Number(asked ?? 4711), { keepsLines: true });
    if (asked !== undefined) process.stdout.write(`${report.lines.join('\n')}\nhash ${report.hash}\n`);
    expect(violationsOf(report)).toEqual([]);
  });
});
