import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Measured } from '../bench.ts';
import { isBusy, type Instance } from '../instance.ts';
import { percentile } from '../measure/median.ts';
import { until } from '../until.ts';
import { goTheWholeWay } from './go-the-way.ts';
import { payTheRest, untilQuiet } from './waiting.ts';

type Latencies = {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly requests: number;
};

/**
 * From `POST /requests` until the decision can be read: one after the other on an idle machine, and at a steady rate, whether
 * or not the last one is decided, while files go the whole way.
 */
export async function measureOneRequest(bench: Bench, instance: Instance): Promise<Measured> {
  const { requests, quick, smallClaims } = bench.settings;
  const payee = firstPayee(bench);
  await untilQuiet(instance);
  bench.say('one request: warming up');
  for (let n = 0; n < 10; n += 1) await decide(instance, payee);
  bench.say(`one request: ${requests} on a machine that does nothing else`);
  const alone: number[] = [];
  while (alone.length < requests) alone.push(await decide(instance, payee));

  const bulk = quick ? smallClaims : Math.max(smallClaims, bulkClaimsMin);
  const loaded: number[] = [];
  while (loaded.length < Math.min(requests, underBulkMin)) {
    bench.say(`one request: ${everySecond} a second while ${bulk} claims go the whole way`);
    loaded.push(...(await decideUnderBulk(bench, { instance, payee, claims: bulk })));
  }
  await payTheRest(instance);
  return present(latencies(alone), latencies(loaded), bulk);
}

const everySecond = 4;
/** Fewer are no 95th percentile: another file is sent when one was worked on too soon. */
const underBulkMin = 60;
const bulkClaimsMin = 20_000;

function present(idle: Latencies, busy: Latencies, claims: number): Measured {
  const rows = [
    ['alone', idle.requests, idle.p50Ms, idle.p95Ms, idle.p99Ms],
    [
      `${everySecond} a second while ${claims} claims go the whole way`,
      busy.requests,
      busy.p50Ms,
      busy.p95Ms,
      busy.p99Ms,
    ],
  ];
  const oneRequest = { ...idle, p95UnderBulkMs: busy.p95Ms, underBulk: busy };
  const head = ['POST /requests until decided', 'requests', 'p50 ms', 'p95 ms', 'p99 ms'];
  return { figures: { oneRequest }, tables: [{ title: 'One request', head, rows }] };
}

type Bulk = { readonly instance: Instance; readonly payee: Payee; readonly claims: number };

/** A slow one delays no other: at a fixed rate, slow moments are met as often as they last. */
async function decideUnderBulk(bench: Bench, { instance, payee, claims }: Bulk): Promise<readonly number[]> {
  const asked: Promise<number>[] = [];
  const ask = (): void => {
    const one = decide(instance, payee);
    one.catch((error: Error) => bench.broken(error));
    asked.push(one);
  };
  let asking: NodeJS.Timeout | undefined;
  const whenSent = (): void => void (asking = setInterval(ask, 1000 / everySecond));
  await goTheWholeWay(bench, instance, { claims, whenSent });
  clearInterval(asking);
  return Promise.all(asked);
}

type Payee = { readonly npi: string; readonly taxId: string; readonly name: string };
type Answer = { readonly requestId: string };

async function decide(instance: Instance, billingProvider: Payee): Promise<number> {
  const claimId = randomUUID().slice(0, 18);
  const request = {
    claimId,
    frequency: '1',
    facilityCode: '11',
    billingProvider,
    subscriber: { memberId: claimId, lastName: 'DOE', firstName: 'JO', birthDate: '1980-02-29' },
    payerId: 'RFHP1',
    billedCents: 125_00,
    diagnoses: ['Z0000'],
    lines: [{ procedure: '99213', chargeCents: 125_00, units: '1', serviceFrom: daysAgo(10) }],
  };
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  const begun = performance.now();
  const post = (): Promise<Answer> =>
    instance.post('intake', '/requests', { body: JSON.stringify(request), headers });
  const answer = await until(unlessBusy(post), (seen) => seen !== undefined, { everyMs: 50 });
  const look = (): Promise<{ status: string }> => instance.get('intake', `/requests/${answer!.requestId}`);
  const found = await until(look, (seen) => seen.status !== 'submitted', {
    everyMs: 3,
    everyShare: 0.03,
  });
  const took = performance.now() - begun;
  if (!approvedStates.includes(found.status))
    throw new Error(`the benchmark's own request was ${found.status}`);
  return took;
}

/** Who is told to come back later does so, and waits meanwhile: the time counts. */
const unlessBusy =
  <T>(ask: () => Promise<T>) =>
  (): Promise<T | undefined> =>
    ask().catch((error: unknown) => {
      if (isBusy(error)) return undefined;
      throw error;
    });

/** A cycle may close over it before its status is read. */
const approvedStates = ['approved', 'scheduled', 'paid'];

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

function firstPayee(bench: Bench): Payee {
  const [, row = ''] = readFileSync(join(bench.folder, 'payees.csv'), 'utf8').split('\n');
  const [npi = '', taxId = '', name = ''] = row.split(',');
  return { npi, taxId, name };
}

const latencies = (all: readonly number[]): Latencies => ({
  p50Ms: percentile(all, 0.5),
  p95Ms: percentile(all, 0.95),
  p99Ms: percentile(all, 0.99),
  requests: all.length,
});
