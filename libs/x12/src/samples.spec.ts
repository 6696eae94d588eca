import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readClaims, readRemittances, type ClaimEvent } from './index.ts';
import { tolerantSeverities } from './problem.ts';
import { all, sourceOf } from './testing/fixtures.ts';

const folder = join(
  process.env['REMITFLOW_SAMPLES'] ?? join(import.meta.dirname, '../../../../shared/samples'),
  'x12',
);
const files = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name))
  : [];

(files.length > 0 ? describe : describe.skip)('every sample file of others', () => {
  it.each(files)('%s is read to its end as claims', async (name) => {
    const events = await eventsOf(readFileSync(join(folder, name)));
    expect(events.at(-1)?.kind).toBe('end');
    for (const event of events) {
      if (event.kind === 'problem') expect(event.problem.message).toMatch(/^[A-Z].*\.$/);
    }
  });

  it.each(files)('%s is read to its end as a remittance', async (name) => {
    const events = await all(readRemittances(sourceOf(readFileSync(join(folder, name)))));
    expect(events.at(-1)?.kind).toBe('end');
    const found = events.flatMap((event) => (event.kind === 'remittance' ? [event] : []));
    if (name.startsWith('835'))
      expect(found.flatMap(({ advice }) => advice.claims).length).toBeGreaterThan(0);
    if (name.includes('835id.x12')) {
      expect(found.flatMap(({ balance }) => balance.map(({ code }) => code))).toContain('payment-balance');
    }
  });

  it.each([
    ['837p/ims-many-claims-820.837', 820],
    ['837p/ims-different-separators.837', 2],
    ['837p/ims-multiple-gs.837', 6],
    ['837p/ims-multiple-st.837', 4],
    ['837p/staedi-newline-terminator.837', 1],
    ['837i/lfh-two-claims-same-provider.837', 2],
    ['837d/stupidedi-commercial.837', 0],
  ])('%s holds %i claims', async (name, count) => {
    const events = await eventsOf(readFileSync(join(folder, name)));
    expect(events.filter(({ kind }) => kind === 'claim')).toHaveLength(count);
  });

  it.each(files.filter((name) => /^837[pi].lfh/.test(name)))('%s has only readable claims', async (name) => {
    const events = await eventsOf(readFileSync(join(folder, name)));
    for (const event of events) if (event.kind === 'claim') expect(event.claim.faults).toEqual([]);
    expect(events.filter(({ kind }) => kind === 'problem')).toEqual([]);
  });
});

const eventsOf = (bytes: Uint8Array): Promise<ClaimEvent[]> =>
  all(readClaims(sourceOf(bytes), { severities: tolerantSeverities }));
