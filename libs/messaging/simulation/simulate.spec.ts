import { describe, expect, it } from '@jest/globals';
import { simulate } from './simulate.ts';
import { playSeeds } from './seeds.ts';

describe('a seed', () => {
  it('makes the same world whenever it is played', async () => {
    for (const seed of [1, 4, 35, 72, 560]) {
      const once = await simulate(seed);
      await playSeeds({ first: 100, count: 5 });
      const [again, other] = await Promise.all([simulate(seed, { keepsLines: true }), simulate(seed + 1)]);
      expect({ ...again, lines: [] }).toEqual(once);
      expect(other.hash).not.toBe(once.hash);
      expect(again.lines.length).toBeGreaterThan(once.events);
    }
  }, 120_000);

  it('without faults is a quiet day', async () => {
    const { failures, faults, checked, drainedMostMs } = await playSeeds(
      { first: 0, count: 100 },
      { withoutFaults: true },
    );
    expect(failures).toEqual([]);
    expect(Object.keys(faults).sort()).toEqual(['killer', 'over-limit']);
    expect(checked['each-said-heard-once']).toBeGreaterThan(500);
    expect(checked['closes']).toBeGreaterThanOrEqual(300);
    expect(drainedMostMs).toBeLessThan(120_000);
  }, 120_000);
});
