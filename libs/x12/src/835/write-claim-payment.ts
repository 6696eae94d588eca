import { CannotProceed, cents, compactDate, formatDollars, type PlainDate } from '@remitflow/kernel';
import type { InterchangeWriter } from '../writing/interchange-writer.ts';
import { basicText } from '../writing/text.ts';
import type { Adjustment, ClaimPayment, LinePayment, PaymentPerson } from './remittance.ts';

/** Loop 2100 with its lines; the caller has checked that it balances. */
export function writeClaimPayment(claim: ClaimPayment, writer: InterchangeWriter): string {
  if (claim.claimId === '' || claim.claimId.length > 38) {
    throw new CannotProceed('remittance.claim-id', { length: claim.claimId.length });
  }
  return [
    claimSegment(claim, writer),
    adjustments(claim.adjustments, writer),
    claim.patient ? person('QC', claim.patient, writer) : '',
    claim.subscriber ? person('IL', claim.subscriber, writer) : '',
    claim.renderingNpi ? writer.segment('NM1', '82', '1', '', '', '', '', '', 'XX', claim.renderingNpi) : '',
    date('232', claim.serviceFrom, writer),
    date('233', claim.serviceTo, writer),
    date('050', claim.receivedDate, writer),
    ...claim.lines.map((line) => writeLine(line, writer)),
  ].join('');
}

/** CLP05 is sent only where the patient owes something. */
function claimSegment(claim: ClaimPayment, writer: InterchangeWriter): string {
  const { patientResponsibilityCents: share = cents(0) } = claim;
  return writer.segment(
    'CLP',
    claim.claimId,
    claim.status,
    formatDollars(claim.chargeCents),
    formatDollars(claim.paidCents),
    share > 0 && claim.status !== '22' ? formatDollars(share) : '',
    claim.filingIndicator,
    claim.payerClaimControlNumber,
    claim.facilityCode,
    claim.frequency,
  );
}

const date = (qualifier: string, day: PlainDate | undefined, writer: InterchangeWriter): string =>
  day ? writer.segment('DTM', qualifier, compactDate(day)) : '';

function writeLine(line: LinePayment, writer: InterchangeWriter): string {
  return [
    writer.segment('SVC', ...service(line)),
    serviceDates(line, writer),
    adjustments(line.adjustments, writer),
    line.lineControl ? writer.segment('REF', '6R', line.lineControl) : '',
    line.allowedCents !== undefined ? writer.segment('AMT', 'B6', formatDollars(line.allowedCents)) : '',
    ...(line.remarks ?? []).map((remark) => writer.segment('LQ', 'HE', remark)),
  ].join('');
}

/** SVC01 is the procedure, or NU and the revenue code where nothing else was billed. */
function service(line: LinePayment): readonly (string | undefined | readonly string[])[] {
  const { procedure, revenueCode, unitsPaid, unitsBilled } = line;
  if (!procedure && !revenueCode)
    throw new CannotProceed('remittance.incomplete', { field: 'line.procedure' });
  const composite = procedure
    ? [line.procedureQualifier ?? 'HC', procedure, ...line.modifiers]
    : ['NU', revenueCode!];
  return [
    composite,
    formatDollars(line.chargeCents),
    formatDollars(line.paidCents),
    procedure ? revenueCode : undefined,
    unitsPaid,
    undefined,
    unitsBilled === unitsPaid ? undefined : unitsBilled,
  ];
}

/** One day, or the first and the last. */
function serviceDates({ serviceFrom, serviceTo }: LinePayment, writer: InterchangeWriter): string {
  if (!serviceFrom) return '';
  const [from, to] = [compactDate(serviceFrom), compactDate(serviceTo ?? serviceFrom)];
  return from === to
    ? writer.segment('DTM', '472', from)
    : writer.segment('DTM', '150', from) + writer.segment('DTM', '151', to);
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
      const reasons = members
        .slice(start, start + reasonsMax)
        .flatMap(({ reason, amountCents, quantity }) => [reason, formatDollars(amountCents), quantity]);
      written += writer.segment('CAS', group, ...reasons);
    }
  }
  return written;
}

const reasonsMax = 6;
