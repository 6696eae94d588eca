import { parts, type Part } from './settings.ts';

/** The figures that each part adds to the document of `--json`: what others read, and what may not go away. */
const figuresOf: Readonly<Record<Part, readonly string[]>> = {
  x12: ['x12.mbPerSecond', 'x12.ratioToX12Parser', 'x12.ratioToNodeX12'],
  nacha: ['nacha.buildSeconds', 'nacha.readSeconds'],
  era: ['era.seconds'],
  contracts: ['contracts.submittedMicros', 'contracts.approvedMicros'],
  'whole-way': [
    'wholeWay.claims',
    'wholeWay.claimsPerSecond',
    'wholeWay.peakRssMb.intake',
    'wholeWay.peakRssMb.validation',
    'wholeWay.peakRssMb.payout',
    'wholeWay.peakRssMb.remittance',
    'wholeWay.peakRssMb.audit',
  ],
  'one-request': ['oneRequest.p95Ms', 'oneRequest.p95UnderBulkMs'],
  audit: ['auditVerify.eventsPerSecond'],
  growth: ['growth.timePerClaim'],
  naive: ['naive.claimsPerSecond'],
  floor: ['floor.claimsPerSecond'],
};

/** … and those that two parts of one call give together. */
const ratios = [
  ['naive', 'wholeWay.ratioToNaive'],
  ['floor', 'wholeWay.ratioToFloor'],
] as const;

/** Figures that the parts that ran should have given and have not: each a number above 0. */
export function missingFigures(document: object, ran: readonly Part[]): readonly string[] {
  const wanted = [
    ...ran.flatMap((part) => figuresOf[part]),
    ...ratios.flatMap(([peer, figure]) => (ran.includes('whole-way') && ran.includes(peer) ? [figure] : [])),
  ];
  return wanted.filter((path) => !isFigure(figureAt(document, path)));
}

/** The parts that must run for these figures, in the order of a full run: `wholeWay.ratioToNaiveCpu` needs two. */
export function partsBehind(figures: readonly string[]): readonly Part[] {
  const needed = (part: Part, figure: string): boolean =>
    figuresOf[part].some((given) => given.split('.')[0] === figure.split('.')[0]) ||
    ratios.some(([peer, ratio]) => peer === part && figure.startsWith(ratio));
  return parts.filter((part) => figures.some((figure) => needed(part, figure)));
}

/** What stands at a path like `wholeWay.peakRssMb.intake`. */
export const figureAt = (document: object, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document);

const isFigure = (found: unknown): boolean =>
  typeof found === 'number' && Number.isFinite(found) && found > 0;
