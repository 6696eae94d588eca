import { cents, formatDollars, type Cents } from '@remitflow/kernel';
import type { ClaimPayment, LinePayment, RemittanceAdvice } from './remittance.ts';
import { adjustmentTotals, chargeOf, totalOf } from './settle.ts';

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
  const problems: BalanceProblem[] = [];
  let paid = 0;
  advice.claims.forEach((claim, index) => {
    paid += claim.paidCents;
    for (const found of claimProblems(claim)) {
      problems.push({ ...found, claim: index + 1, claimId: claim.claimId });
    }
  });
  return [...problems, ...paymentProblems(advice, cents(paid))];
}

export function claimProblems(claim: ClaimPayment): readonly BalanceProblem[] {
  const problems: BalanceProblem[] = [];
  claim.lines.forEach((line, index) => checkLine(line, index + 1, problems));
  const { adjustedCents, patientCents } = adjustmentTotals(claim);
  const computedPaid = cents(claim.chargeCents - adjustedCents);
  if (claim.paidCents !== computedPaid) {
    problems.push(
      differs(
        'claim-balance',
        [claim.paidCents, computedPaid],
        (said, found) =>
          `The claim paid (CLP04) is ${said}, but its charge less all adjustments is ${found}.`,
      ),
    );
  }
  if (claim.lines.length > 0) checkCharge(claim, problems);
  checkPatientShare(claim, patientCents, problems);
  if (claim.adjustments.length > 0) checkReportedTwice(claim, problems);
  return problems.length === 0 ? none : problems;
}

function checkLine(line: LinePayment, place: number, problems: BalanceProblem[]): void {
  const computed = cents(line.chargeCents - totalOf(line.adjustments));
  if (line.paidCents === computed) return;
  const found = differs(
    'line-balance',
    [line.paidCents, computed],
    (said, found) =>
      `Line ${place} paid (SVC03) is ${said}, but its charge less its adjustments is ${found}.`,
  );
  problems.push({ ...found, line: place });
}

function checkCharge(claim: ClaimPayment, problems: BalanceProblem[]): void {
  const charged = chargeOf(claim.lines);
  if (claim.chargeCents === charged) return;
  problems.push(
    differs(
      'claim-charge',
      [claim.chargeCents, charged],
      (said, found) => `The claim charge (CLP03) is ${said}, but its lines add up to ${found}.`,
    ),
  );
}

/** BPR02 = Σ CLP04 − Σ PLB, and never below 0; `paid` is Σ CLP04. */
export function paymentProblems(
  advice: Pick<RemittanceAdvice, 'amountCents' | 'providerAdjustments'>,
  paid: Cents,
): readonly BalanceProblem[] {
  const { amountCents } = advice;
  const computed = cents(paid - totalOf(advice.providerAdjustments));
  const problems: BalanceProblem[] = [];
  if (amountCents !== computed) {
    problems.push(
      differs(
        'payment-balance',
        [amountCents, computed],
        (said, found) =>
          `The payment (BPR02) is ${said}, but its claims less provider adjustments (PLB) come to ${found}.`,
      ),
    );
  }
  if (amountCents < 0) {
    const say = (said: string): string => `The payment (BPR02) is ${said}; it is never below 0.`;
    problems.push(differs('payment-negative', [amountCents, cents(0)], say));
  }
  return problems;
}

/** CLP05 = Σ PR, where it is sent at all. */
function checkPatientShare(claim: ClaimPayment, computed: Cents, problems: BalanceProblem[]): void {
  const { patientResponsibilityCents: share } = claim;
  if (share === undefined || share === computed) return;
  problems.push(
    differs(
      'patient-share',
      [share, computed],
      (said, found) => `The patient's share (CLP05) is ${said}, but the PR adjustments add up to ${found}.`,
    ),
  );
}

/** An adjustment is reported at the line or at the claim, never at both. */
function checkReportedTwice(claim: ClaimPayment, problems: BalanceProblem[]): void {
  const key = (one: { group: string; reason: string }): string => `${one.group}-${one.reason}`;
  const ofLines = new Set(claim.lines.flatMap((line) => line.adjustments.map(key)));
  for (const one of claim.adjustments) {
    if (!ofLines.has(key(one))) continue;
    problems.push({
      code: 'adjustment-twice',
      statedCents: one.amountCents,
      computedCents: cents(0),
      message: `Adjustment ${key(one)} is reported for the claim and for one of its lines.`,
    });
  }
}

function differs(
  code: BalanceProblem['code'],
  [statedCents, computedCents]: readonly [Cents, Cents],
  say: (said: string, found: string) => string,
): BalanceProblem {
  const message = say(formatDollars(statedCents), formatDollars(computedCents));
  return { code, statedCents, computedCents, message };
}

const none: readonly BalanceProblem[] = [];
