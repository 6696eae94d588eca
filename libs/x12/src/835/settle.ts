import { cents, sumCents, type Cents } from '@remitflow/kernel';
import type { Adjustment, ClaimPayment, LinePayment, RemittanceAdvice } from './remittance.ts';

export type LineDraft = Omit<LinePayment, 'paidCents'>;

/** A claim as adjudicated; `chargeCents` is needed only when it has no lines. */
export type ClaimDraft = Omit<
  ClaimPayment,
  'lines' | 'chargeCents' | 'paidCents' | 'patientResponsibilityCents'
> & { readonly lines: readonly LineDraft[]; readonly chargeCents?: Cents };

export type RemittanceDraft = Omit<RemittanceAdvice, 'amountCents'>;

/** Derives what was paid from charges and adjustments, so that the claim balances because it cannot do otherwise. */
export function settleClaim(draft: ClaimDraft): ClaimPayment {
  const lines = draft.lines.map((line) => ({
    ...line,
    paidCents: cents(line.chargeCents - totalOf(line.adjustments)),
  }));
  const chargeCents = lines.length > 0 ? chargeOf(lines) : (draft.chargeCents ?? cents(0));
  const { adjustedCents, patientCents } = adjustmentTotals(draft);
  return {
    ...draft,
    lines,
    chargeCents,
    paidCents: cents(chargeCents - adjustedCents),
    ...(patientCents > 0 && { patientResponsibilityCents: patientCents }),
  };
}

/** Derives the payment from its claims and provider adjustments. */
export const settleRemittance = (draft: RemittanceDraft): RemittanceAdvice => ({
  ...draft,
  amountCents: cents(
    sumCents(draft.claims.map(({ paidCents }) => paidCents)) - totalOf(draft.providerAdjustments),
  ),
});

/**
 * The same claim taken back: every amount negated, status 22. It precedes the correction in the same 835
 * (X12 RFI 791).
 */
export function reversalOf(claim: ClaimPayment): ClaimPayment {
  const { patientResponsibilityCents: _, ...rest } = claim;
  return {
    ...rest,
    status: '22',
    chargeCents: cents(-claim.chargeCents),
    paidCents: cents(-claim.paidCents),
    adjustments: claim.adjustments.map(negated),
    lines: claim.lines.map((line) => ({
      ...line,
      chargeCents: cents(-line.chargeCents),
      paidCents: cents(-line.paidCents),
      ...(line.allowedCents !== undefined && { allowedCents: cents(-line.allowedCents) }),
      adjustments: line.adjustments.map(negated),
    })),
  };
}

export function totalOf(parts: readonly { readonly amountCents: Cents }[]): Cents {
  let total = 0;
  for (const { amountCents } of parts) total += amountCents;
  return cents(total);
}

export function chargeOf(lines: readonly { readonly chargeCents: Cents }[]): Cents {
  let total = 0;
  for (const { chargeCents } of lines) total += chargeCents;
  return cents(total);
}

/** Of the claim and of its lines: all adjustments, and those the patient is to pay (PR). */
export function adjustmentTotals(claim: Pick<ClaimDraft, 'adjustments' | 'lines'>): {
  readonly adjustedCents: Cents;
  readonly patientCents: Cents;
} {
  let [adjusted, patient] = [0, 0];
  const add = ({ group, amountCents }: Adjustment): void => {
    adjusted += amountCents;
    if (group === 'PR') patient += amountCents;
  };
  claim.adjustments.forEach(add);
  for (const line of claim.lines) line.adjustments.forEach(add);
  return { adjustedCents: cents(adjusted), patientCents: cents(patient) };
}

const negated = (adjustment: Adjustment): Adjustment => ({
  ...adjustment,
  amountCents: cents(-adjustment.amountCents),
});
