import { describe, expect, it } from '@jest/globals';
import { controls } from './controls.ts';
import { faultKinds, neverHappened } from './faults/kinds.ts';
import { firstToBreak, playSeeds } from './seeds.ts';

/** With every safeguard in place none of these seeds breaks anything: the specs of the seeds say so. */
const seedsMost = 400;

describe('without a safeguard', () => {
  it.each(controls)(
    '$name: $invariant notices',
    async ({ invariant, options }) => {
      expect(await firstToBreak(invariant, seedsMost, options)).toMatch(/^seed \d+: /);
    },
    120_000,
  );

  it('the faults themselves: faults-happened notices', async () => {
    const { faults } = await playSeeds({ first: 0, count: 50 }, { withoutFaults: true });
    expect(neverHappened(faults).length).toBeGreaterThan(faultKinds.length - 5);
  });
});
