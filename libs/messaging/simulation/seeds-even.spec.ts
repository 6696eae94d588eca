import { describe, expect, it } from '@jest/globals';
import { neverHappened, seedsForEveryKind } from './faults/kinds.ts';
import { seedShare } from './seed-share.ts';
import { playSeeds } from './seeds.ts';

const range = seedShare(0, { count: process.env['SEEDS'], first: process.env['FIRST_SEED'] });

describe('the message runtime on even seeds', () => {
  it(`loses, doubles and holds up nothing in ${range.count} worlds where everything fails`, async () => {
    const { failures, faults } = await playSeeds(range);
    expect(failures).toEqual([]);
    if (range.count >= seedsForEveryKind) expect(neverHappened(faults)).toEqual([]);
  }, 600_000);
});
