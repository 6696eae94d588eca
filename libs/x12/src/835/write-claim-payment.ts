import { CannotProceed, cents, type PlainDate } from '@remitflow/kernel';
import type { InterchangeWriter } from '../writing/interchange-writer.ts';
import { compactDay, dollars } from '../writing/repeated.ts';
import { basicText } from '../writing/text.ts';
import type { Adjustment, ClaimPayment, LinePayment, PaymentPerson } from './remittance.ts';

/** Loop 2100 with its lines; the caller has checked that it balances. */
export function writeClaimPayment(claim: ClaimPayment, writer: InterchangeWriter): string {
  if (claim.claimId === '' || claim.claimId.length > 38) {
    throw new CannotProceed('remittance.claim-id', { length: claim.claimId.length });
  }
  const { patient, subscriber, renderingNpi } = claim;
  let written = claimSegment(claim, writer) + adjustments(claim.adjustments, writer);
  if (patient) written += person('QC', patient, writer);
  if (subscriber) written += person('IL', subscriber, writer);
  if (renderingNpi) written += writer.segment('NM1', '82', '1', '', '', '', '', '', 'XX', renderingNpi);
  written += date('232', claim.serviceFrom, writer);
  written += date('233', claim.serviceTo, writer);
  written += date('050', claim.receivedDate, writer);
  for (const line of claim.lines) written += writeLine(line, writer);
  return written;
}

/** CLP05 is sent only where the patient owes something. */
function claimSegment(claim: ClaimPayment, writer: InterchangeWriter): string {
  const { patientResponsibilityCents: share = cents(0) } = claim;
  return writer.segment(
    'CLP',
    claim.claimId,
    claim.status,
    dollars(claim.chargeCents),
    dollars(claim.paidCents),
    share > 0 && claim.status !== '22' ? dollars(share) : '',
    claim.filingIndicator,
    claim.payerClaimControlNumber,
    claim.facilityCode,
    claim.frequency,
  );
}

const date = (qualifier: string, day: PlainDate | undefined, writer: InterchangeWriter): string =>
  day ? writer.segment('DTM', qualifier, compactDay(day)) : '';

function writeLine(line: LinePayment, writer: InterchangeWriter): string {
  const { lineControl, allowedCents, remarks } = line;
  let written = service(line, writer) + serviceDates(line, writer) + adjustments(line.adjustments, writer);
  if (lineControl) written += writer.segment('REF', '6R', lineControl);
  if (allowedCents !== undefined) written += writer.segment('AMT', 'B6', dollars(allowedCents));
  for (const remark of remarks ?? []) written += writer.segment('LQ', 'HE', remark);
  return written;
}

/** SVC01 is the procedure, or NU and the revenue code where nothing else was billed. */
function service(line: LinePayment, writer: InterchangeWriter): string {
  const { procedure, revenueCode, unitsPaid, unitsBilled } = line;
  if (!procedure && !revenueCode)
    throw new CannotProceed('remittance.incomplete', { field: 'line.procedure' });
  return writer.segment(
    'SVC',
    procedure ? [line.procedureQualifier ?? 'HC', procedure, ...line.modifiers] : ['NU', revenueCode],
    dollars(line.chargeCents),
    dollars(line.paidCents),
    procedure ? revenueCode : undefined,
    unitsPaid,
    undefined,
    unitsBilled === unitsPaid ? undefined : unitsBilled,
  );
}

/** One day, or the first and the last. */
function serviceDates({ serviceFrom, serviceTo }: LinePayment, writer: InterchangeWriter): string {
  if (!serviceFrom) return '';
  if (!serviceTo || serviceTo === serviceFrom) return date('472', serviceFrom, writer);
  return date('150', serviceFrom, writer) + date('151', serviceTo, writer);
}

function person(
  role: string,
  { name, firstName, middleName, memberId }: PaymentPerson,
  writer: InterchangeWriter,
): string {
  const id = memberId ? ['MI', memberId] : [];
  return writer.segment(
    'NM1',
    role,
    '1',
    name && basicText(name, 60),
    firstName && basicText(firstName, 35),
    middleName && basicText(middleName, 25),
    '',
    '',
    ...id,
  );
}

/** CAS by group code, up to six reasons a segment; an adjustment of zero says nothing. */
function adjustments(all: readonly Adjustment[], writer: InterchangeWriter): string {
  if (all.length === 0) return '';
  const [only] = all;
  if (only && all.length === 1)
    return only.amountCents === 0 ? '' : adjustmentSegment(only.group, all, writer);
  const groups = new Map<string, Adjustment[]>();
  for (const adjustment of all) {
    if (adjustment.amountCents === 0) continue;
    const group = groups.get(adjustment.group) ?? [];
    group.push(adjustment);
    groups.set(adjustment.group, group);
  }
  let written = '';
  for (const [group, members] of groups) {
    for (let start = 0; start < members.length; start += reasonsMax) {
      written += adjustmentSegment(group, members.slice(start, start + reasonsMax), writer);
    }
  }
  return written;
}

function adjustmentSegment(group: string, members: readonly Adjustment[], writer: InterchangeWriter): string {
  const reasons: (string | undefined)[] = [];
  for (const { reason, amountCents, quantity } of members) {
    reasons.push(reason, dollars(amountCents), quantity);
  }
  return writer.segment('CAS', group, ...reasons);
}

const reasonsMax = 6;
