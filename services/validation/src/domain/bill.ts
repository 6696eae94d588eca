import { plainDate, type PlainDate } from '@remitflow/kernel';
import type { PaymentRequest, Person, ServiceLine } from './payment-request.ts';
import { periodOfLine, periodOfRequest } from './service-period.ts';

/** What is billed, whoever sends it and however often. */
export type Bill = {
  /** Equal for two bills that are the same. */
  readonly identity: string;
  /** The first day of its services. It follows from the identity: the same bill has the same day. */
  readonly servedOn: PlainDate;
};

export const billOf = (request: PaymentRequest): Bill => ({
  identity: identityOf(request),
  servedOn: firstDayOf(request) ?? noDay,
});

/** Stands for the day of a bill that names none. */
const noDay = plainDate('1900-01-01');

/**
 * What makes two bills the same bill, as one text to be hashed: the exact-duplicate criteria of CMS (Claims
 * Processing Manual ch. 1 §120, CR 8121). The claim id, the file, and the order of lines and of modifiers mean
 * nothing; a dependent is told from the subscriber, since both may share one member id. The place of service is left
 * out, because a door that does not ask for it must not be a second way to be paid; units are no criterion of CMS.
 */
function identityOf(request: PaymentRequest): string {
  const lineOf = request.kind === '837I' ? institutionalLine : professionalLine;
  const lines = request.lines.map((line) => JSON.stringify(lineOf(line, request))).sort();
  return JSON.stringify([...headOf(request), ...lines]);
}

/** Only of what is part of the identity: the days of a professional claim as a whole are not. */
function firstDayOf(request: PaymentRequest): PlainDate | undefined {
  if (request.kind === '837I') return periodOfRequest(request)?.from;
  let first: PlainDate | undefined;
  for (const line of request.lines) {
    const from = periodOfLine(line, request)?.from;
    if (from !== undefined && (first === undefined || from < first)) first = from;
  }
  return first;
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
  modifiers.length < 2 ? (modifiers[0] ?? '') : [...modifiers].sort().join(' '),
];

const memberOf = ({ subscriber }: PaymentRequest): string => (subscriber.memberId ?? '').trim().toUpperCase();

const dependentOf = (patient: Person | undefined): readonly unknown[] =>
  patient ? [patient.memberId, patient.birthDate, patient.firstName?.toUpperCase()] : [];
