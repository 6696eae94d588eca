import { cents, sumCents, type Cents } from '@remitflow/kernel';
import type { Adjustment, ClaimPayment, LinePayment, RemittanceAdvice } from './remittance.ts';

export type LineDraft = Omit<LinePayment, 'paidCents'>;

/** A claim as adjudicated; `chargeCents` is needed only when it has no lines. */
export type ClaimDraft = Omit<
  ClaimPayment,
  'lines' | 'chargeCents' | 'paidCents' | 'patientResponsibilityCents'
> & { readonly lines: readonly LineDraft[]; readonly chargeCents?: Cents };

export type RemittanceDraft = Omit<RemittanceAdvice, 'amountCents'>;

/**
 * Derives what was paid from charges and adjustments, so that the claim balances because it cannot do otherwise.
 * All claims have all members, even undefined ones: a spread would make a new shape of each, which slows all that
 * reads them several times.
 */
export function settleClaim(draft: ClaimDraft): ClaimPayment {
  const chargeCents = draft.lines.length > 0 ? chargeOf(draft.lines) : (draft.chargeCents ?? cents(0));
  const { adjustedCents, patientCents } = adjustmentTotals(draft);
  return {
    claimId: draft.claimId,
    status: draft.status,
    chargeCents,
    paidCents: cents(chargeCents - adjustedCents),
    patientResponsibilityCents: patientCents > 0 ? patientCents : undefined,
    filingIndicator: draft.filingIndicator,
    payerClaimControlNumber: draft.payerClaimControlNumber,
    facilityCode: draft.facilityCode,
    frequency: draft.frequency,
    adjustments: draft.adjustments,
    patient: draft.patient,
    subscriber: draft.subscriber,
    renderingNpi: draft.renderingNpi,
    serviceFrom: draft.serviceFrom,
    serviceTo: draft.serviceTo,
    receivedDate: draft.receivedDate,
    lines: draft.lines.map(settleLine),
  };
}

const settleLine = (line: LineDraft): LinePayment =>
  linePaid(line, cents(line.chargeCents - totalOf(line.adjustments)));

const linePaid = (line: LineDraft, paidCents: Cents): LinePayment => ({
  procedureQualifier: line.procedureQualifier,
  procedure: line.procedure,
  modifiers: line.modifiers,
  chargeCents: line.chargeCents,
  paidCents,
  revenueCode: line.revenueCode,
  unitsPaid: line.unitsPaid,
  unitsBilled: line.unitsBilled,
  serviceFrom: line.serviceFrom,
  serviceTo: line.serviceTo,
  adjustments: line.adjustments,
  lineControl: line.lineControl,
  allowedCents: line.allowedCents,
  remarks: line.remarks,
});

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
export const reversalOf = (claim: ClaimPayment): ClaimPayment => ({
  claimId: claim.claimId,
  status: '22',
  chargeCents: cents(-claim.chargeCents),
  paidCents: cents(-claim.paidCents),
  patientResponsibilityCents: undefined,
  filingIndicator: claim.filingIndicator,
  payerClaimControlNumber: claim.payerClaimControlNumber,
  facilityCode: claim.facilityCode,
  frequency: claim.frequency,
  adjustments: claim.adjustments.map(negated),
  patient: claim.patient,
  subscriber: claim.subscriber,
  renderingNpi: claim.renderingNpi,
  serviceFrom: claim.serviceFrom,
  serviceTo: claim.serviceTo,
  receivedDate: claim.receivedDate,
  lines: claim.lines.map(negatedLine),
});

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

function negatedLine(line: LinePayment): LinePayment {
  const draft: LineDraft = {
    ...line,
    chargeCents: cents(-line.chargeCents),
    allowedCents: line.allowedCents === undefined ? undefined : cents(-line.allowedCents),
    adjustments: line.adjustments.map(negated),
  };
  return linePaid(draft, cents(-line.paidCents));
}

const negated = ({ group, reason, amountCents, quantity }: Adjustment): Adjustment => ({
  group,
  reason,
  amountCents: cents(-amountCents),
  quantity,
});
