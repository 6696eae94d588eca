import type { Bench, Measured } from '../bench.ts';
import type { Instance } from '../instance.ts';
import { fillHistory } from './fill-history.ts';
import { goTheWholeWay, type Way } from './go-the-way.ts';
import { claimsPerSecond } from './way-tables.ts';
import { mostWaiting, peaksOf } from './whole-way.ts';

type Row = readonly (string | number)[];

/** What ten times the claims cost (and a million, when asked for), and what a long history of bills costs the duplicate check. */
export async function measureGrowth(bench: Bench, instance: Instance): Promise<Measured> {
  const { smallClaims, growthClaims, history } = bench.settings;
  const ways: Way[] = [];
  for (const size of [smallClaims, ...growthClaims]) {
    bench.say(`growth: ${size} claims`);
    ways.push(await goTheWholeWay(bench, instance, { claims: size }));
  }
  const [small, ...larger] = ways as [Way, ...Way[]];
  const aged = history > 0 ? await withHistory(bench, instance) : undefined;
  const growth = {
    claims: ways.map((way) => way.claims),
    seconds: ways.map(({ times }) => times.remembered),
    cpuSecondsPer1000: ways.map((way) => perClaim(way, processor) * 1000),
    /** 1.1 when ten times the claims take eleven times as long; the worst of the sizes. */
    timePerClaim: Math.max(...larger.map((way) => perClaim(way, clock) / perClaim(small, clock))),
    cpuPerClaim: Math.max(...larger.map((way) => perClaim(way, processor) / perClaim(small, processor))),
    peakRssMb: peaksOf(ways),
    mostWaiting: mostWaiting(ways),
    ...aged?.figures,
  };
  const rows = [...ways.map((way) => row(way, '')), ...(aged?.rows ?? [])];
  const note =
    larger
      .map((way) => {
        const times = (cost: (way: Way) => number): string => (cost(way) / cost(small)).toFixed(2);
        return `${way.claims / small.claims} × the claims: ${times(clock)} × the time, ${times(processor)} × the CPU.`;
      })
      .join(' ') +
    ` No service held more than ${Math.max(...Object.values(growth.peakRssMb)).toFixed(0)} MB.`;
  return { figures: { growth }, tables: [{ title: 'Growth', head, rows, note }] };
}

const clock = ({ times }: Way): number => times.remembered;
const processor = ({ used }: Way): number =>
  Object.values(used).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
const perClaim = (way: Way, cost: (way: Way) => number): number => cost(way) / way.claims;

/** The same file before and behind so many bill keys. */
async function withHistory(
  bench: Bench,
  instance: Instance,
): Promise<{ figures: object; rows: readonly Row[] }> {
  const { smallClaims: claims, history } = bench.settings;
  const go = (): Promise<Way> => goTheWholeWay(bench, instance, { claims });
  bench.say('growth: before the history');
  const before = await go();
  bench.say(`growth: filling the history with ${history} bill keys`);
  await fillHistory(bench, instance, history);
  bench.say('growth: behind the history');
  // the first run reads pages that are not in memory yet: it is counted too, as the worst case
  const first = await go();
  const later = await go();
  const slowed = (way: Way, cost: (way: Way) => number): number => cost(way) / cost(before) - 1;
  const figures = {
    history,
    decidedSecondsBefore: decided(before),
    decidedSecondsAfter: decided(later),
    slowedByHistory: slowed(later, decided),
    slowedByHistoryCpu: slowed(later, checking),
    slowedAtFirst: slowed(first, decided),
    slowedAtFirstCpu: slowed(first, checking),
  };
  const rows = [
    row(before, 'before the history'),
    row(first, `${history} bill keys, at first`),
    row(later, '… and later'),
  ];
  return { figures, rows };
}

const decided = ({ times }: Way): number => times.decided;
/** Of the processes that check duplicates; what others do on the machine does not change it. */
const checking = ({ used }: Way): number => used['validation']!.cpuSeconds + used['postgres']!.cpuSeconds;

const head = [
  '',
  'claims',
  's',
  'claims/s',
  's until decided',
  'CPU s per 1,000',
  '… of validation and PostgreSQL',
];

const row = (way: Way, what: string): Row => [
  what,
  way.claims,
  clock(way),
  claimsPerSecond(way),
  decided(way),
  perClaim(way, processor) * 1000,
  perClaim(way, checking) * 1000,
];
