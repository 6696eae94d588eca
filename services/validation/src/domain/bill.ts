import { plainDate, type PlainDate } from '@remitflow/kernel';
import type { PaymentRequest, Person, ServiceLine } from './payment-request.ts';
import { remembered } from './remembered.ts';
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
  const lines = request.lines.map((line) => lineOf(line, request));
  if (lines.length > 1) lines.sort();
  return JSON.stringify(headOf(request).concat(lines));
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

function headOf(request: PaymentRequest): unknown[] {
  const who = [memberOf(request), dependentOf(request.patient), request.billingProvider.npi];
  if (request.kind !== '837I') return ['professional', ...who];
  const period = periodOfRequest(request);
  const { facilityCode, frequency = '1', billedCents } = request;
  return ['institutional', ...who, facilityCode, frequency, period?.from, period?.to, billedCents];
}

function professionalLine(line: ServiceLine, request: PaymentRequest): string {
  const period = periodOfLine(line, request);
  return `[${written(period?.from)},${written(period?.to)},${procedureOf(line)},${line.chargeCents ?? null}]`;
}

const institutionalLine = (line: ServiceLine): string =>
  `[${written(line.revenueCode)},${procedureOf(line)},${written(line.serviceFrom)},${line.chargeCents ?? null}]`;

const procedureOf = ({ procedure, modifiers }: ServiceLine): string =>
  `${written((procedure ?? '').toUpperCase())},${written(modifiersOf(modifiers))}`;

const modifiersOf = (modifiers: readonly string[]): string =>
  modifiers.length < 2 ? (modifiers[0] ?? '') : [...modifiers].sort().join(' ');

/** As JSON. Days and codes are few: each is written once. */
const written = (text: string | undefined): string => (text === undefined ? 'null' : quoted(text));

const quoted = remembered((text: string): string => JSON.stringify(text));

const memberOf = ({ subscriber }: PaymentRequest): string => (subscriber.memberId ?? '').trim().toUpperCase();

const dependentOf = (patient: Person | undefined): readonly unknown[] =>
  patient ? [patient.memberId, patient.birthDate, patient.firstName?.toUpperCase()] : [];
