import { plainDate, type PlainDate } from '@remitflow/kernel';
import type { PaymentRequest } from '../payment-request.ts';
import { objectIf, type Rule } from '../rule.ts';

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
      spansOf(request).flatMap(({ field, name, from }) =>
        objectIf(
          field !== 'serviceFrom' && from === undefined && request.serviceFrom === undefined,
          field,
          `The service date of ${name} is missing.`,
        ),
      ),
  },
  {
    ...first,
    id: 'date.order',
    check: (request) =>
      spansOf(request).flatMap(({ field, name, from, to }) =>
        objectIf(
          from !== undefined && to !== undefined && from > to,
          field,
          `The service of ${name} ends (${to}) before it begins (${from}).`,
        ),
      ),
  },
  {
    ...first,
    id: 'date.future',
    check: (request, { receivedOn }) =>
      spansOf(request).flatMap(({ field, name, from, to }) => {
        const last = to ?? from;
        return objectIf(
          last !== undefined && last > receivedOn,
          field,
          `The service date of ${name} (${last}) is after the day the claim was received (${receivedOn}).`,
        );
      }),
  },
  {
    ...first,
    id: 'date.too-early',
    check: (request) =>
      spansOf(request).flatMap(({ field, name, from }) =>
        objectIf(
          from !== undefined && from < firstServiceDay,
          field,
          `The service date of ${name} (${from}) is before ${firstServiceDay}.`,
        ),
      ),
  },
  {
    id: 'date.filing-limit',
    version: '1',
    effectiveFrom: plainDate('2026-11-22'),
    check: (request, { receivedOn }) => {
      const limit = yearsBefore(receivedOn, filingLimitYears);
      return spansOf(request).flatMap(({ field, name, from }) =>
        objectIf(
          from !== undefined && from >= firstServiceDay && from < limit,
          field,
          `The service date of ${name} (${from}) is more than ${filingLimitYears} years before the claim was received.`,
        ),
      );
    },
  },
];

type Span = { field: string; name: string; from?: PlainDate; to?: PlainDate };

/** The dates as they were written, of the claim (when it has its own) and of each line. */
function spansOf({ serviceFrom, serviceTo, lines }: PaymentRequest): Span[] {
  const claim = { field: 'serviceFrom', name: 'the claim', from: serviceFrom, to: serviceTo };
  return [
    ...(!repeatsLines({ serviceFrom, serviceTo, lines }) ? [claim] : []),
    ...lines.map((line, place) => ({
      field: `lines.${place}.serviceFrom`,
      name: `line ${line.lineNumber}`,
      from: line.serviceFrom,
      to: line.serviceTo,
    })),
  ];
}

/** Readers derive the claim's dates from its lines: one slip should not be told twice. */
const repeatsLines = ({
  serviceFrom,
  serviceTo,
  lines,
}: Pick<PaymentRequest, 'serviceFrom' | 'serviceTo' | 'lines'>): boolean =>
  lines.some((line) => line.serviceFrom === serviceFrom) &&
  (serviceTo === undefined || lines.some((line) => (line.serviceTo ?? line.serviceFrom) === serviceTo));

/** To be compared with days: it need not be one, when it is a 29th of February. */
const yearsBefore = (day: PlainDate, years: number): string =>
  `${Number(day.slice(0, 4)) - years}${day.slice(4)}`;
