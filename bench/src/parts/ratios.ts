import type { Measured } from '../bench.ts';

type Way = {
  readonly claimsPerSecond: number;
  readonly cpuSecondsPer1000: { readonly all: number };
};
/** By size. */
type Growth = {
  readonly claims: readonly number[];
  readonly seconds: readonly number[];
  readonly cpuSecondsPer1000: readonly number[];
};
type Figures = Readonly<Record<string, object>>;
type Ratio = readonly [what: string, byClock: number, byProcessor: number];

/** What the whole way is to the peers of the same call: by the clock, and by the processor, which noise moves less. */
export function ratiosOf(figures: Figures): Measured {
  const [ours, growth] = [wayRatios(figures), growthRatios(figures)];
  const rows = [...ours.rows, ...growth.rows];
  if (rows.length === 0) return { figures: {}, tables: [] };
  return {
    figures: {
      ...(ours.rows.length > 0 ? { wholeWay: { ...figures['wholeWay'], ...ours.added } } : {}),
      ...(growth.rows.length > 0 ? { growth: { ...figures['growth'], ...growth.added } } : {}),
    },
    tables: [{ title: 'Ratios', head: ['', 'claims/s', 'claims per CPU s'], rows }],
  };
}

type Ratios = { readonly rows: readonly Ratio[]; readonly added: object };

function wayRatios(figures: Figures): Ratios {
  const ours = figures['wholeWay'] as Way | undefined;
  const rows: Ratio[] = [];
  const added: Record<string, number> = {};
  for (const peer of ['naive', 'floor'] as const) {
    const theirs = figures[peer] as Way | undefined;
    if (!ours || !theirs) continue;
    const [, byClock, byProcessor] = ratio('', ours, theirs);
    const name = peer === 'naive' ? 'Naive' : 'Floor';
    added[`ratioTo${name}`] = byClock;
    added[`ratioTo${name}Cpu`] = byProcessor;
    rows.push([`the whole way ÷ the ${peer === 'naive' ? 'naive peer' : 'floor'}`, byClock, byProcessor]);
  }
  return { rows, added };
}

/** At every size, each of which went once: the naive peer does not get faster with more claims, so one speed is its. */
function growthRatios(figures: Figures): Ratios {
  const growth = figures['growth'] as Growth | undefined;
  const naive = figures['naive'] as Way | undefined;
  if (!growth || !naive) return { rows: [], added: {} };
  const rows = growth.claims.map((claims, place) =>
    ratio(
      `growth, ${claims.toLocaleString('en')} claims ÷ the naive peer`,
      {
        claimsPerSecond: claims / growth.seconds[place]!,
        cpuSecondsPer1000: { all: growth.cpuSecondsPer1000[place]! },
      },
      naive,
    ),
  );
  const added = {
    ratioToNaive: rows.map(([, byClock]) => byClock),
    ratioToNaiveCpu: rows.map(([, , byProcessor]) => byProcessor),
  };
  return { rows, added };
}

const ratio = (what: string, ours: Way, theirs: Way): Ratio => [
  what,
  ours.claimsPerSecond / theirs.claimsPerSecond,
  theirs.cpuSecondsPer1000.all / ours.cpuSecondsPer1000.all,
];
