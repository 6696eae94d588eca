/** One step of a plan that was carried out, as `explain (analyze, format json)` tells it. */
export type PlanStep = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanStep[];
};

/** Of a row that tells a plan. */
export function stepsOf(row: object | undefined): PlanStep[] {
  const [plan] = (row as { 'QUERY PLAN': readonly { Plan: PlanStep }[] })['QUERY PLAN'];
  return below(plan!.Plan);
}

const below = (step: PlanStep): PlanStep[] => [step, ...(step.Plans ?? []).flatMap(below)];

/** Tables of which very many rows were looked at to find few: in full, or by an index that does not lead to them. */
export const readInFull = (steps: readonly PlanStep[]): string[] =>
  steps
    .filter((step) => looked(step) > fewRows && (step['Node Type'] === 'Seq Scan' || wasted(step)))
    .map((step) => step['Relation Name'] ?? step['Index Name'] ?? '');

const looked = (step: PlanStep): number =>
  (step['Actual Rows'] + (step['Rows Removed by Filter'] ?? 0)) * step['Actual Loops'];

const wasted = (step: PlanStep): boolean =>
  (step['Rows Removed by Filter'] ?? 0) > fewRows && step['Relation Name'] !== undefined;

const fewRows = 1_000;

/** Months of partitioned tables of which anything was looked at. */
export const monthsLookedInto = (steps: readonly PlanStep[]): ReadonlySet<string> =>
  new Set(
    steps
      .filter((step) => step['Actual Loops'] > 0)
      .flatMap((step) => /_(\d{6}|other)$/.exec(step['Relation Name'] ?? '')?.[1] ?? []),
  );
