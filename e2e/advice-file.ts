/** A second opinion on an 835, by splitting alone; shares no code with libs/x12. */
export type AdviceFile = {
  readonly bprCents: number;
  readonly trn: string;
  readonly claims: readonly { claimId: string; status: string; chargeCents: number; paidCents: number }[];
  readonly faults: readonly string[];
};

const cents = (text: string | undefined): number => Math.round(Number(text ?? 0) * 100);

export function readAdviceFile(text: string): AdviceFile {
  const segments = text
    .split('~')
    .map((segment) => segment.trim().split('*'))
    .filter(([id]) => id);
  const all = (id: string): string[][] => segments.filter((segment) => segment[0] === id);
  const one = (id: string): string[] => all(id)[0] ?? [];
  const faults: string[] = [];
  const claims: { claimId: string; status: string; chargeCents: number; paidCents: number }[] = [];
  let claim: { adjusted: number; charge: number; paid: number; lines: number } | undefined;
  let line: { adjusted: number; charge: number; paid: number } | undefined;

  const closeLine = (): void => {
    if (line && line.charge - line.adjusted !== line.paid) faults.push('a line does not balance');
    line = undefined;
  };
  const closeClaim = (): void => {
    closeLine();
    if (claim && claim.charge - claim.adjusted !== claim.paid) faults.push('a claim does not balance');
    claim = undefined;
  };
  for (const segment of segments) {
    if (['CLP', 'PLB', 'SE'].includes(segment[0]!)) closeClaim();
    if (segment[0] === 'CLP') {
      claim = { adjusted: 0, charge: cents(segment[3]), paid: cents(segment[4]), lines: 0 };
      claims.push({
        claimId: segment[1]!,
        status: segment[2]!,
        chargeCents: claim.charge,
        paidCents: claim.paid,
      });
    }
    if (segment[0] === 'SVC') {
      closeLine();
      line = { adjusted: 0, charge: cents(segment[2]), paid: cents(segment[3]) };
    }
    if (segment[0] === 'CAS') {
      const adjusted = [3, 6, 9, 12, 15, 18].reduce((sum, place) => sum + cents(segment[place]), 0);
      if (claim) claim.adjusted += adjusted;
      if (line) line.adjusted += adjusted;
    }
  }
  const plb = all('PLB').flatMap((segment) => [4, 6, 8, 10, 12, 14].map((place) => cents(segment[place])));
  const expected =
    claims.reduce((sum, paid) => sum + paid.paidCents, 0) - plb.reduce((sum, amount) => sum + amount, 0);
  const bprCents = cents(one('BPR')[2]);
  const isa = text.slice(0, 106);
  const st = segments.findIndex(([id]) => id === 'ST');
  const se = segments.findIndex(([id]) => id === 'SE');

  if (expected !== bprCents) faults.push('BPR02 is not the sum');
  if (bprCents < 0) faults.push('BPR02 is negative');
  if (isa.length !== 106 || isa[105] !== '~') faults.push('ISA is not 106 characters');
  if (one('IEA')[2] !== one('ISA')[13]) faults.push('ISA13 and IEA02');
  if (one('GE')[2] !== one('GS')[6]) faults.push('GS06 and GE02');
  if (Number(one('SE')[1]) !== se - st + 1) faults.push('SE01');
  if (one('SE')[2] !== one('ST')[2]) faults.push('ST02 and SE02');
  if (one('GS')[1] !== 'HP' || one('GS')[8] !== '005010X221A1') faults.push('GS01 or GS08');
  if (!/^1\d{9}$/.test(one('TRN')[3] ?? '')) faults.push('TRN03');
  if (segments.some((segment) => segment.some((element) => /^-?\d+\.\d*0$/.test(element))))
    faults.push('trailing zeros');
  return { bprCents, trn: one('TRN')[2] ?? '', claims, faults };
}
