import type { PaymentRequest, Person, ServiceLine } from './payment-request.ts';
import { periodOfLine, periodOfRequest } from './service-period.ts';

/**
 * What makes two bills the same bill, as one text to be hashed: the exact-duplicate criteria of CMS (Claims
 * Processing Manual ch. 1 §120, CR 8121). The claim id, the file, and the order of lines and of modifiers mean
 * nothing; a dependent is told from the subscriber, since both may share one member id. The place of service is left
 * out, because a door that does not ask for it must not be a second way to be paid; units are no criterion of CMS.
 */
export function billOf(request: PaymentRequest): string {
  const lineOf = request.kind === '837I' ? institutionalLine : professionalLine;
  const lines = request.lines.map((line) => JSON.stringify(lineOf(line, request))).sort();
  return JSON.stringify([...headOf(request), ...lines]);
}

function headOf(request: PaymentRequest): readonly unknown[] {
  const who = [memberOf(request), dependentOf(request.patient), request.billingProvider.npi];
  if (request.kind !== '837I') return ['professional', ...who];
  const period = periodOfRequest(request);
  const { facilityCode, frequency = '1', billedCents } = request;
  return ['institutional', ...who, facilityCode, frequency, period?.from, period?.to, billedCents];
}

const professionalLine = (line: ServiceLine, request: PaymentRequest): readonly unknown[] => {
  const period = periodOfLine(line, request);
  return [period?.from, period?.to, ...procedureOf(line), line.chargeCents];
};

const institutionalLine = (line: ServiceLine): readonly unknown[] => [
  line.revenueCode,
  ...procedureOf(line),
  line.serviceFrom,
  line.chargeCents,
];

const procedureOf = ({ procedure, modifiers }: ServiceLine): readonly unknown[] => [
  (procedure ?? '').toUpperCase(),
  [...modifiers].sort().join(' '),
];

const memberOf = ({ subscriber }: PaymentRequest): string => (subscriber.memberId ?? '').trim().toUpperCase();

const dependentOf = (patient: Person | undefined): readonly unknown[] =>
  patient ? [patient.memberId, patient.birthDate, patient.firstName?.toUpperCase()] : [];
