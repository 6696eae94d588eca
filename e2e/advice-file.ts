/** A second opinion on an 835, by splitting alone; shares no code with libs/x12. */
export type AdviceFile = {
  readonly bprCents: number;
  readonly trn: string;
  readonly claims: readonly PaidClaim[];
  readonly faults: readonly string[];
};

type PaidClaim = {
  readonly claimId: string;
  readonly status: string;
  readonly chargeCents: number;
  readonly paidCents: number;
};

type Segment = readonly string[];

export function readAdviceFile(text: string): AdviceFile {
  const segments = text
    .split('~')
    .map((segment) => segment.trim().split('*'))
    .filter(([id]) => id);
  const one = (id: string): Segment => segments.find((segment) => segment[0] === id) ?? [];
  const { claims, faults } = readBalances(segments);
  const adjusted = segments
    .filter(([id]) => id === 'PLB')
    .flatMap((segment) => amountsAt(segment, plbAmounts));
  const bprCents = cents(one('BPR')[2]);
  const expected = sum(claims.map((claim) => claim.paidCents)) - sum(adjusted);
  return {
    bprCents,
    trn: one('TRN')[2] ?? '',
    claims,
    faults: [
      ...faults,
      ...broken({
        'BPR02 is the sum': expected === bprCents,
        'BPR02 is not negative': bprCents >= 0,
        'ISA of 106 characters': text[105] === '~',
        TRN03: /^1\d{9}$/.test(one('TRN')[3] ?? ''),
        'no trailing zeros': segments.every((segment) =>
          segment.every((element) => !/^-?\d+\.\d*0$/.test(element)),
        ),
      }),
      ...faultsOfEnvelope(segments, one),
    ],
  };
}

const faultsOfEnvelope = (segments: readonly Segment[], one: (id: string) => Segment): string[] => {
  const place = (id: string): number => segments.findIndex((segment) => segment[0] === id);
  return broken({
    'ISA13 and IEA02': one('IEA')[2] === one('ISA')[13],
    'GS06 and GE02': one('GE')[2] === one('GS')[6],
    'ST02 and SE02': one('SE')[2] === one('ST')[2],
    SE01: Number(one('SE')[1]) === place('SE') - place('ST') + 1,
    'GS01 and GS08': one('GS')[1] === 'HP' && one('GS')[8] === '005010X221A1',
  });
};

type Open = { readonly name: string; readonly charge: number; readonly paid: number; adjusted: number };

/** Charge less adjustments is what is paid, for every line and for every claim. */
function readBalances(segments: readonly Segment[]): { claims: PaidClaim[]; faults: string[] } {
  const claims: PaidClaim[] = [];
  const faults: string[] = [];
  const open: { claim?: Open; line?: Open } = {};
  const close = (level: 'claim' | 'line'): void => {
    const one = open[level];
    if (one && one.charge - one.adjusted !== one.paid) faults.push(`${one.name} does not balance`);
    open[level] = undefined;
  };
  const steps: Readonly<Record<string, (segment: Segment) => void>> = {
    CLP: (segment) => {
      open.claim = {
        name: `claim ${segment[1]}`,
        charge: cents(segment[3]),
        paid: cents(segment[4]),
        adjusted: 0,
      };
      claims.push({
        claimId: segment[1]!,
        status: segment[2]!,
        chargeCents: open.claim.charge,
        paidCents: open.claim.paid,
      });
    },
    SVC: (segment) => {
      open.line = {
        name: `line ${segment[1]}`,
        charge: cents(segment[2]),
        paid: cents(segment[3]),
        adjusted: 0,
      };
    },
    CAS: (segment) => {
      for (const one of [open.claim, open.line]) if (one) one.adjusted += sum(amountsAt(segment, casAmounts));
    },
  };
  for (const segment of segments) {
    if (['SVC', 'CLP', 'PLB', 'SE'].includes(segment[0]!)) close('line');
    if (['CLP', 'PLB', 'SE'].includes(segment[0]!)) close('claim');
    steps[segment[0]!]?.(segment);
  }
  return { claims, faults };
}

const casAmounts = [3, 6, 9, 12, 15, 18];
const plbAmounts = [4, 6, 8, 10, 12, 14];

const amountsAt = (segment: Segment, places: readonly number[]): number[] =>
  places.map((place) => cents(segment[place]));

const cents = (text: string | undefined): number => Math.round(Number(text ?? 0) * 100);

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** The names of the conditions that do not hold. */
const broken = (conditions: Readonly<Record<string, boolean>>): string[] =>
  Object.keys(conditions).filter((name) => !conditions[name]);
