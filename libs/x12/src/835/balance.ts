import { cents, formatDollars, sumCents, type Cents } from '@remitflow/kernel';
import type { ClaimPayment, LinePayment, RemittanceAdvice } from './remittance.ts';
import { totalOf } from './settle.ts';

export type BalanceProblem = {
  readonly code:
    | 'line-balance'
    | 'claim-balance'
    | 'claim-charge'
    | 'adjustment-twice'
    | 'patient-share'
    | 'payment-balance'
    | 'payment-negative';
  /** Counted from 1; absent when it is of the payment as a whole. */
  readonly claim?: number;
  readonly claimId?: string;
  readonly line?: number;
  readonly statedCents: Cents;
  readonly computedCents: Cents;
  readonly message: string;
};

/** Everything in an 835 that does not add up, line by line (835 guide, balancing at three levels); empty when all does. */
export function balanceProblems(advice: RemittanceAdvice): readonly BalanceProblem[] {
  const problems = advice.claims.flatMap((claim, index) =>
    claimProblems(claim).map((found) => ({ ...found, claim: index + 1, claimId: claim.claimId })),
  );
  const paid = sumCents(advice.claims.map((claim) => claim.paidCents));
  return [...problems, ...paymentProblems(advice, paid)];
}

export function claimProblems(claim: ClaimPayment): readonly BalanceProblem[] {
  const lines = claim.lines.flatMap((line, index) => lineProblems(line, index + 1));
  const ofLines = claim.lines.flatMap((line) => line.adjustments);
  const adjusted = sumCents([totalOf(claim.adjustments), totalOf(ofLines)]);
  const charged = sumCents(claim.lines.map((line) => line.chargeCents));
  return [
    ...lines,
    ...differs(
      'claim-balance',
      [claim.paidCents, cents(claim.chargeCents - adjusted)],
      (said, found) => `The claim paid (CLP04) is ${said}, but its charge less all adjustments is ${found}.`,
    ),
    ...(claim.lines.length === 0
      ? []
      : differs(
          'claim-charge',
          [claim.chargeCents, charged],
          (said, found) => `The claim charge (CLP03) is ${said}, but its lines add up to ${found}.`,
        )),
    ...patientShare(claim),
    ...reportedTwice(claim),
  ];
}

function lineProblems(line: LinePayment, place: number): readonly BalanceProblem[] {
  const computed = cents(line.chargeCents - totalOf(line.adjustments));
  return differs(
    'line-balance',
    [line.paidCents, computed],
    (said, found) =>
      `Line ${place} paid (SVC03) is ${said}, but its charge less its adjustments is ${found}.`,
  ).map((found) => ({ ...found, line: place }));
}

/** BPR02 = Σ CLP04 − Σ PLB, and never below 0; `paid` is Σ CLP04. */
export function paymentProblems(
  advice: Pick<RemittanceAdvice, 'amountCents' | 'providerAdjustments'>,
  paid: Cents,
): readonly BalanceProblem[] {
  const computed = cents(paid - totalOf(advice.providerAdjustments));
  const unbalanced = differs(
    'payment-balance',
    [advice.amountCents, computed],
    (said, found) =>
      `The payment (BPR02) is ${said}, but its claims less provider adjustments (PLB) come to ${found}.`,
  );
  if (advice.amountCents >= 0) return unbalanced;
  const negative = differs(
    'payment-negative',
    [advice.amountCents, cents(0)],
    (said) => `The payment (BPR02) is ${said}; it is never below 0.`,
  );
  return [...unbalanced, ...negative];
}

/** CLP05 = Σ PR, where it is sent at all. */
function patientShare(claim: ClaimPayment): readonly BalanceProblem[] {
  if (claim.patientResponsibilityCents === undefined) return [];
  const all = [...claim.adjustments, ...claim.lines.flatMap((line) => line.adjustments)];
  const computed = totalOf(all.filter(({ group }) => group === 'PR'));
  return differs(
    'patient-share',
    [claim.patientResponsibilityCents, computed],
    (said, found) => `The patient's share (CLP05) is ${said}, but the PR adjustments add up to ${found}.`,
  );
}

/** An adjustment is reported at the line or at the claim, never at both. */
function reportedTwice(claim: ClaimPayment): readonly BalanceProblem[] {
  if (claim.adjustments.length === 0 || claim.lines.length === 0) return [];
  const key = (one: { group: string; reason: string }): string => `${one.group}-${one.reason}`;
  const ofLines = claim.lines.flatMap((line) => line.adjustments);
  return claim.adjustments
    .filter((one) => ofLines.some((other) => key(other) === key(one)))
    .map((one) => ({
      code: 'adjustment-twice',
      statedCents: one.amountCents,
      computedCents: cents(0),
      message: `Adjustment ${key(one)} is reported for the claim and for one of its lines.`,
    }));
}

function differs(
  code: BalanceProblem['code'],
  [statedCents, computedCents]: readonly [Cents, Cents],
  say: (said: string, found: string) => string,
): readonly BalanceProblem[] {
  if (statedCents === computedCents) return [];
  const message = say(formatDollars(statedCents), formatDollars(computedCents));
  return [{ code, statedCents, computedCents, message }];
}
