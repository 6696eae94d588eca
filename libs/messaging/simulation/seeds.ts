import type { Report, SimulationOptions } from './simulate.ts';
import { simulate } from './simulate.ts';

/** Seeds played side by side: Node then pays for one turn of its loop, not for one each. */
const lanes = 4;

/** What many seeds came to. */
export type Summary = {
  readonly seeds: number;
  readonly faults: Record<string, number>;
  readonly checked: Record<string, number>;
  /** Seeds in which something was violated, with what it was. */
  readonly failures: string[];
  drainedMostMs: number;
};

export type SeedRange = { readonly first: number; readonly count: number; readonly step?: number };

/** Plays seeds `first`, `first + step`, … and adds up what came of them. */
export async function playSeeds(range: SeedRange, options: SimulationOptions = {}): Promise<Summary> {
  const { first, count, step = 1 } = range;
  const summary: Summary = { seeds: count, faults: {}, checked: {}, failures: [], drainedMostMs: 0 };
  let played = 0;
  const lane = async (): Promise<void> => {
    while (played < count) {
      const seed = first + step * played;
      played += 1;
      add(summary, await simulate(seed, { ...options, unhashed: true }));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return summary;
}

/** Plays seeds until one breaks the rule; gives what it says, or nothing when none of them does. */
export async function firstToBreak(
  invariant: string,
  most: number,
  options: SimulationOptions,
): Promise<string | undefined> {
  for (let seed = 0; seed < most; seed += 1) {
    const { invariants } = await simulate(seed, options);
    const [violation] = invariants[invariant]?.violations ?? [];
    if (violation) return `seed ${seed}: ${violation}`;
  }
  return undefined;
}

export const violationsOf = ({ seed, invariants }: Report): string[] =>
  Object.entries(invariants).flatMap(([name, { violations }]) =>
    violations.slice(0, 3).map((violation) => `seed ${seed}: ${name}: ${violation}`),
  );

function add(summary: Summary, report: Report): void {
  for (const [kind, count] of Object.entries(report.faults)) {
    summary.faults[kind] = (summary.faults[kind] ?? 0) + count;
  }
  for (const [name, { checked }] of Object.entries(report.invariants)) {
    summary.checked[name] = (summary.checked[name] ?? 0) + checked;
  }
  summary.failures.push(...violationsOf(report));
  summary.drainedMostMs = Math.max(summary.drainedMostMs, report.drainedMs);
}
