import { sumCents, type PlainDate } from '@remitflow/kernel';
import type { InterchangeWriter } from '../writing/interchange-writer.ts';
import { compactDay, dollars } from '../writing/repeated.ts';
import { basicText } from '../writing/text.ts';
import type { ClaimType, Diagnosis } from './claim.ts';
import type { ClaimToWrite, LineToWrite, ProviderToName } from './claim-batch.ts';

/** Loop 2300 with its lines (2400). */
export function writeClaim(claim: ClaimToWrite, type: ClaimType, writer: InterchangeWriter): string {
  const isProfessional = type === '837P';
  const references = [
    ['G1', claim.priorAuthorization],
    ['F8', claim.originalReference],
    ['D9', claim.clearinghouseTrace],
    ['EA', claim.medicalRecord],
  ];
  return [
    claimSegment(claim, isProfessional, writer),
    isProfessional ? '' : statement(claim, writer),
    ...references.map(([qualifier, value]) => (value ? writer.segment('REF', qualifier, value) : '')),
    ...diagnoses(claim.diagnoses, isProfessional, writer),
    provider('71', claim.attending, writer),
    provider('82', claim.rendering, writer),
    ...claim.lines.map((line, index) => writeLine(line, { number: index + 1, isProfessional }, writer)),
  ].join('');
}

function claimSegment(claim: ClaimToWrite, isProfessional: boolean, writer: InterchangeWriter): string {
  const total = claim.totalChargeCents ?? sumCents(claim.lines.map((line) => line.chargeCents));
  const facility = isProfessional
    ? [claim.facilityCode ?? '11', 'B', claim.frequency ?? '1']
    : [claim.facilityCode ?? '13', 'A', claim.frequency ?? '1'];
  const signed = isProfessional ? ['Y', 'A', 'Y', 'Y'] : ['', 'A', 'Y', 'Y'];
  return writer.segment('CLM', claim.claimId, dollars(total), '', '', facility, ...signed);
}

/** DTP*434, and CL1 with an elective admission from no special source, discharged home. */
function statement(claim: ClaimToWrite, writer: InterchangeWriter): string {
  const days = claim.lines.flatMap((line) => [line.serviceFrom, line.serviceTo ?? line.serviceFrom]).sort();
  const from = claim.statementFrom ?? days[0];
  const to = claim.statementTo ?? days.at(-1);
  if (!from || !to) return '';
  const period = `${compactDay(from)}-${compactDay(to)}`;
  return writer.segment('DTP', '434', 'RD8', period) + writer.segment('CL1', '3', '1', '01');
}

/** The first diagnosis is the principal one; an institutional HI holds it alone. */
function diagnoses(
  all: readonly Diagnosis[],
  isProfessional: boolean,
  writer: InterchangeWriter,
): readonly string[] {
  const codes = all.map(({ qualifier, code }) => [qualifier, code]);
  const first = isProfessional ? codes.slice(0, diagnosesPerSegment) : codes.slice(0, 1);
  const others = codes.slice(first.length);
  const written = first.length > 0 ? [writer.segment('HI', ...first)] : [];
  for (let start = 0; start < others.length; start += diagnosesPerSegment) {
    written.push(writer.segment('HI', ...others.slice(start, start + diagnosesPerSegment)));
  }
  return written;
}

function provider(role: string, named: ProviderToName | undefined, writer: InterchangeWriter): string {
  if (!named) return '';
  const firstName = basicText(named.firstName ?? '', 35);
  return writer.segment('NM1', role, '1', basicText(named.name, 60), firstName, '', '', '', 'XX', named.npi);
}

function writeLine(
  line: LineToWrite,
  { number, isProfessional }: { number: number; isProfessional: boolean },
  writer: InterchangeWriter,
): string {
  return [
    writer.segment('LX', String(number)),
    isProfessional ? professional(line, writer) : institutional(line, writer),
    writer.segment('DTP', '472', ...period(line.serviceFrom, line.serviceTo)),
    line.lineControl ? writer.segment('REF', '6R', line.lineControl) : '',
    provider('82', line.rendering, writer),
  ].join('');
}

function professional(line: LineToWrite, writer: InterchangeWriter): string {
  const pointers = (line.diagnosisPointers ?? [1]).map(String);
  const units = [line.unitBasis ?? 'UN', line.units ?? '1'];
  return writer.segment(
    'SV1',
    procedure(line),
    dollars(line.chargeCents),
    ...units,
    line.placeOfService,
    '',
    pointers,
  );
}

function institutional(line: LineToWrite, writer: InterchangeWriter): string {
  const units = [line.unitBasis ?? 'UN', line.units ?? '1'];
  return writer.segment('SV2', line.revenueCode, procedure(line), dollars(line.chargeCents), ...units);
}

const procedure = (line: LineToWrite): readonly string[] =>
  line.procedure ? [line.procedureQualifier ?? 'HC', line.procedure, ...(line.modifiers ?? [])] : [];

const period = (from: PlainDate, to: PlainDate = from): readonly [string, string] =>
  from === to ? ['D8', compactDay(from)] : ['RD8', `${compactDay(from)}-${compactDay(to)}`];

/** HI takes twelve codes. */
const diagnosesPerSegment = 12;
