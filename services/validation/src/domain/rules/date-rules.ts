import { plainDate, type PlainDate } from '@remitflow/kernel';
import type { PaymentRequest } from '../payment-request.ts';
import { nothingWrong, objectToLines, type Objection, type Rule } from '../rule.ts';

/** Nothing that was done earlier is still payable by anybody: such a date is a slip of the pen. */
const firstServiceDay = plainDate('2000-01-01');

/**
 * Claims are taken for so many years after the services; payers ask for one (Medicare: 42 CFR 424.44) to two. What is
 * remembered of bills for less could be paid twice.
 */
export const filingLimitYears = 8;

const first = { version: '1', effectiveFrom: plainDate('2000-01-01') } as const;

export const dateRules: readonly Rule[] = [
  {
    ...first,
    id: 'date.service-missing',
    toldBy: ['line.date', 'line.date-missing', 'claim.date'],
    check: (request) =>
      request.serviceFrom === undefined
        ? objectToLines(
            request,
            ({ serviceFrom }) => serviceFrom === undefined,
            ({ lineNumber }, field) => ({
              field: `${field}.serviceFrom`,
              message: `The service date of line ${lineNumber} is missing.`,
            }),
          )
        : nothingWrong,
  },
  {
    ...first,
    id: 'date.order',
    check: (request) =>
      objectToSpans(
        request,
        ({ serviceFrom: from, serviceTo: to }) => from !== undefined && to !== undefined && from > to,
        (name, { serviceFrom: from, serviceTo: to }) =>
          `The service of ${name} ends (${to}) before it begins (${from}).`,
      ),
  },
  {
    ...first,
    id: 'date.future',
    check: (request, { receivedOn }) =>
      objectToSpans(
        request,
        (span) => (lastDayOf(span) ?? receivedOn) > receivedOn,
        (name, span) =>
          `The service date of ${name} (${lastDayOf(span)}) is after the day the claim was received (${receivedOn}).`,
      ),
  },
  {
    ...first,
    id: 'date.too-early',
    check: (request) =>
      objectToSpans(
        request,
        ({ serviceFrom }) => serviceFrom !== undefined && serviceFrom < firstServiceDay,
        (name, { serviceFrom }) =>
          `The service date of ${name} (${serviceFrom}) is before ${firstServiceDay}.`,
      ),
  },
  {
    id: 'date.filing-limit',
    version: '1',
    effectiveFrom: plainDate('2026-11-22'),
    check: (request, { receivedOn }) => {
      const limit = yearsBefore(receivedOn, filingLimitYears);
      return objectToSpans(
        request,
        ({ serviceFrom }) =>
          serviceFrom !== undefined && serviceFrom >= firstServiceDay && serviceFrom < limit,
        (name, { serviceFrom }) =>
          `The service date of ${name} (${serviceFrom}) is more than ${filingLimitYears} years before the claim was received.`,
      );
    },
  },
];

/** Dates as they were written, of a claim or of a line. */
type Span = Pick<PaymentRequest, 'serviceFrom' | 'serviceTo'>;

/** Objects to the dates of the claim (when it has its own) and of each line. */
function objectToSpans(
  request: PaymentRequest,
  isWrong: (span: Span) => boolean,
  message: (name: string, span: Span) => string,
): readonly Objection[] {
  const ofLines = objectToLines(request, isWrong, (line, field) => ({
    field: `${field}.serviceFrom`,
    message: message(`line ${line.lineNumber}`, line),
  }));
  if (!isWrong(request) || repeatsLines(request)) return ofLines;
  return [{ field: 'serviceFrom', message: message('the claim', request) }, ...ofLines];
}

const lastDayOf = ({ serviceFrom, serviceTo }: Span): PlainDate | undefined => serviceTo ?? serviceFrom;

/** Readers derive the claim's dates from its lines: one slip should not be told twice. */
const repeatsLines = ({ serviceFrom, serviceTo, lines }: PaymentRequest): boolean =>
  lines.some((line) => line.serviceFrom === serviceFrom) &&
  (serviceTo === undefined || lines.some((line) => lastDayOf(line) === serviceTo));

/** To be compared with days: it need not be one, when it is a 29th of February. */
const yearsBefore = (day: PlainDate, years: number): string =>
  `${Number(day.slice(0, 4)) - years}${day.slice(4)}`;
