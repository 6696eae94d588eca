import type { Measured } from '../bench.ts';

type Way = {
  readonly claimsPerSecond: number;
  readonly cpuSecondsPer1000: { readonly all: number };
};

/** What the whole way is to the peers of the same call: by the clock, and by the processor, which noise moves less. */
export function ratiosOf(figures: Readonly<Record<string, object>>): Measured {
  const ours = figures['wholeWay'] as Way | undefined;
  const rows: (readonly [string, number, number])[] = [];
  const added: Record<string, number> = {};
  for (const peer of ['naive', 'floor'] as const) {
    const theirs = figures[peer] as Way | undefined;
    if (!ours || !theirs) continue;
    const byClock = ours.claimsPerSecond / theirs.claimsPerSecond;
    const byProcessor = theirs.cpuSecondsPer1000.all / ours.cpuSecondsPer1000.all;
    const name = peer === 'naive' ? 'Naive' : 'Floor';
    added[`ratioTo${name}`] = byClock;
    added[`ratioTo${name}Cpu`] = byProcessor;
    rows.push([`the whole way ÷ the ${peer === 'naive' ? 'naive peer' : 'floor'}`, byClock, byProcessor]);
  }
  if (rows.length === 0) return { figures: {}, tables: [] };
  return {
    figures: { wholeWay: { ...ours, ...added } },
    tables: [{ title: 'Ratios', head: ['', 'claims/s', 'claims per CPU s'], rows }],
  };
}
