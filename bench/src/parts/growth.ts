import type { Bench, Measured } from '../bench.ts';
import type { Instance } from '../instance.ts';
import { withClient } from '../peers.ts';
import { goTheWholeWay, type Way } from './go-the-way.ts';
import { claimsPerSecond } from './way-tables.ts';

/** What ten times the claims cost, and what a long history of bills costs the duplicate check. */
export async function measureGrowth(bench: Bench, instance: Instance): Promise<Measured> {
  const { claims, growthClaims, history } = bench.settings;
  bench.say(`growth: ${claims} claims`);
  const small = await goTheWholeWay(bench, instance, claims);
  bench.say(`growth: ${growthClaims} claims`);
  const large = await goTheWholeWay(bench, instance, growthClaims);
  const times = growthClaims / claims;
  const costRatio = large.times.remembered / small.times.remembered / times;
  const peakRssMb = Math.max(
    ...['intake', 'validation', 'payout', 'remittance', 'audit'].map((name) => large.used[name]!.peakRssMb),
  );
  const rows: (readonly (string | number)[])[] = [row(small, ''), row(large, '')];
  const growth = {
    claims: [claims, growthClaims],
    seconds: [small.times.remembered, large.times.remembered],
    /** 1 when n times the claims take n times as long. */
    timePerClaim: costRatio,
    peakRssMb,
    ...(history > 0 ? await withHistory(bench, instance, rows) : {}),
  };
  const head = [
    '',
    'claims',
    's',
    'claims/s',
    's until decided',
    'CPU s of validation and PostgreSQL per 1,000',
  ];
  const note = `${times} × the claims take ${(costRatio * times).toFixed(2)} × the time; no service held more than ${peakRssMb.toFixed(0)} MB.`;
  return { figures: { growth }, tables: [{ title: 'Growth', head, rows, note }] };
}

/** The same file before and behind so many bill keys. */
async function withHistory(
  bench: Bench,
  instance: Instance,
  rows: (readonly (string | number)[])[],
): Promise<object> {
  const { claims, history } = bench.settings;
  const before = await goTheWholeWay(bench, instance, claims);
  bench.say(`growth: filling the history with ${history} bill keys`);
  await fillHistory(instance, history);
  // the first run reads pages that are not in memory yet: it is counted too, as the worst case
  const first = await goTheWholeWay(bench, instance, claims);
  const later = await goTheWholeWay(bench, instance, claims);
  rows.push(
    row(before, 'before the history'),
    row(first, `${history} bill keys, at first`),
    row(later, '… and later'),
  );
  const until = (way: Way): number => way.times.decided;
  return {
    history,
    decidedSecondsBefore: until(before),
    decidedSecondsAfter: until(later),
    slowedByHistory: until(later) / until(before) - 1,
    slowedAtFirst: until(first) / until(before) - 1,
  };
}

async function fillHistory(instance: Instance, keys: number): Promise<void> {
  await withClient(instance.databaseUrl('validation'), async (client) => {
    for (let first = 1; first <= keys; first += fillSize) {
      await client.query(
        `insert into bill_history (bill_key, request_id, submission_id, claim_id)
         select sha256(convert_to('bench ' || n, 'UTF8')), gen_random_uuid(), $3::uuid, 'H' || n
         from generate_series($1::int, $2::int) as n on conflict do nothing`,
        [first, Math.min(keys, first + fillSize - 1), '00000000-0000-4000-8000-000000000001'],
      );
    }
    await client.query('analyze bill_history');
  });
}

const fillSize = 250_000;

const row = (way: Way, what: string): readonly (string | number)[] => [
  what,
  way.claims,
  way.times.remembered,
  claimsPerSecond(way),
  way.times.decided,
  ((way.used['validation']!.cpuSeconds + way.used['postgres']!.cpuSeconds) * 1000) / way.claims,
];
