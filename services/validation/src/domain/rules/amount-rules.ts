import { cents, formatDollars, plainDate, type Cents } from '@remitflow/kernel';
import type { PaymentRequest } from '../payment-request.ts';
import { nothingWrong, objectIf, objectToLines, type Rule } from '../rule.ts';

/** The largest amount an ACH entry carries (ten digits), which is also the largest of an X12 monetary amount. */
export const amountCentsMax = cents(99_999_999_99);

const first = { version: '1', effectiveFrom: plainDate('2000-01-01') } as const;

const overLimit = `is more than $${formatDollars(amountCentsMax)}`;
const totalOverLimit = `The total charge (CLM02) ${overLimit}.`;

export const amountRules: readonly Rule[] = [
  {
    ...first,
    id: 'amount.billed-missing',
    toldBy: ['claim.charge'],
    check: ({ billedCents }) =>
      objectIf(billedCents === undefined, 'billedCents', 'The total charge (CLM02) is missing.'),
  },
  {
    ...first,
    id: 'amount.billed-positive',
    check: ({ billedCents }) =>
      objectIf(
        billedCents !== undefined && billedCents <= 0,
        'billedCents',
        'The total charge (CLM02) is zero: there is nothing to pay.',
      ),
  },
  {
    ...first,
    id: 'amount.limit',
    check: (request) => {
      const ofClaim = objectIf((request.billedCents ?? 0) > amountCentsMax, 'billedCents', totalOverLimit);
      const ofLines = eachCharge(request, (charge) => charge > amountCentsMax, overLimit);
      return ofClaim.length === 0 ? ofLines : [...ofClaim, ...ofLines];
    },
  },
  {
    ...first,
    id: 'line.charge-missing',
    toldBy: ['line.charge', 'line.service-missing'],
    check: (request) =>
      objectToLines(
        request,
        ({ chargeCents }) => chargeCents === undefined,
        ({ lineNumber }, field) => ({
          field: `${field}.chargeCents`,
          message: `The charge of line ${lineNumber} is missing.`,
        }),
      ),
  },
  {
    ...first,
    id: 'line.charge-negative',
    check: (request) => eachCharge(request, (charge) => charge < 0, 'is negative'),
  },
  {
    ...first,
    id: 'amount.lines-sum',
    check: (request) => {
      const total = totalOfLines(request);
      const { billedCents } = request;
      if (total === undefined || billedCents === undefined) return nothingWrong;
      return objectIf(
        total !== billedCents,
        'billedCents',
        () =>
          `The total charge (CLM02) is ${dollars(billedCents)}, but its lines add up to ${dollars(total)}.`,
      );
    },
  },
];

/** Undefined while it says nothing: no lines, or one without an amount within the limit. */
function totalOfLines({ lines }: PaymentRequest): Cents | undefined {
  let total = 0;
  for (const { chargeCents } of lines) {
    if (chargeCents === undefined || chargeCents > amountCentsMax) return undefined;
    total += chargeCents;
  }
  return lines.length > 0 ? cents(total) : undefined;
}

const eachCharge = (request: PaymentRequest, isWrong: (charge: Cents) => boolean, what: string) =>
  objectToLines(
    request,
    ({ chargeCents }) => chargeCents !== undefined && isWrong(chargeCents),
    ({ lineNumber }, field) => ({
      field: `${field}.chargeCents`,
      message: `The charge of line ${lineNumber} ${what}.`,
    }),
  );

const dollars = (amount: Cents): string => `$${formatDollars(amount)}`;
