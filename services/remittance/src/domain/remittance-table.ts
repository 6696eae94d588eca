import { formatDollars } from '@remitflow/kernel';
import type { ClaimPayment, LinePayment } from '@remitflow/x12';
import type { NumberedRemittance } from './remittance.ts';

/** A remittance as a table, a row per service line (or per claim without lines): the same numbers as in its 835. */
export const tableColumns = [
  'trn_reference',
  'effective_date',
  'kind',
  'payment_amount',
  'request_id',
  'claim_id',
  'payer_claim_number',
  'status',
  'claim_charge',
  'claim_paid',
  'patient_responsibility',
  'service_from',
  'service_to',
  'line_control',
  'procedure',
  'modifiers',
  'revenue_code',
  'line_charge',
  'line_paid',
  'adjustments',
] as const;

export function tableRows(
  remittance: Pick<NumberedRemittance, 'trnReference' | 'effectiveDate' | 'kind' | 'amountCents'>,
  { requestId, payment: claim }: { requestId: string; payment: ClaimPayment },
): string[][] {
  const { trnReference, effectiveDate, kind, amountCents } = remittance;
  const ofClaim = [
    safe(trnReference),
    effectiveDate,
    kind,
    kind === 'payment' ? (amountCents / 100).toFixed(2) : '0',
    requestId,
    safe(claim.claimId),
    claim.payerClaimControlNumber ?? '',
    claim.status,
    formatDollars(claim.chargeCents),
    formatDollars(claim.paidCents),
    claim.patientResponsibilityCents === undefined ? '' : formatDollars(claim.patientResponsibilityCents),
  ];
  if (claim.lines.length === 0) return [[...ofClaim, ...ofWholeClaim(claim)]];
  return claim.lines.map((line) => [...ofClaim, ...ofLine(line)]);
}

const ofLine = (line: LinePayment): string[] => [
  line.serviceFrom ?? '',
  line.serviceTo ?? '',
  safe(line.lineControl ?? ''),
  safe(line.procedure ?? ''),
  safe(line.modifiers.join(' ')),
  safe(line.revenueCode ?? ''),
  formatDollars(line.chargeCents),
  formatDollars(line.paidCents),
  adjustmentsOf(line.adjustments),
];

const ofWholeClaim = (claim: ClaimPayment): string[] => [
  claim.serviceFrom ?? '',
  claim.serviceTo ?? '',
  '',
  '',
  '',
  '',
  '',
  '',
  adjustmentsOf(claim.adjustments),
];

/** `CO-45 12.5; PR-2 3`. */
const adjustmentsOf = (adjustments: ClaimPayment['adjustments']): string =>
  adjustments
    .filter(({ amountCents }) => amountCents !== 0)
    .map(({ group, reason, amountCents }) => `${group}-${reason} ${formatDollars(amountCents)}`)
    .join('; ');

/** Text from outside that a spreadsheet would take for a formula is shown as text (CWE-1236). Amounts are ours. */
const safe = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
