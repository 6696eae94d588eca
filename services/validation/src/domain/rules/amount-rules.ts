import { cents, formatDollars, plainDate, sumCents, type Cents } from '@remitflow/kernel';
import type { PaymentRequest } from '../payment-request.ts';
import { objectIf, type Rule } from '../rule.ts';

/** The largest amount an ACH entry carries (ten digits), which is also the largest of an X12 monetary amount. */
export const amountCentsMax = cents(99_999_999_99);

const first = { version: '1', effectiveFrom: plainDate('2000-01-01') } as const;

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
    check: (request) => [
      ...objectIf(
        (request.billedCents ?? 0) > amountCentsMax,
        'billedCents',
        `The total charge (CLM02) is more than ${dollars(amountCentsMax)}.`,
      ),
      ...eachLine(request, (charge) => charge > amountCentsMax, `is more than ${dollars(amountCentsMax)}`),
    ],
  },
  {
    ...first,
    id: 'line.charge-missing',
    toldBy: ['line.charge', 'line.service-missing'],
    check: ({ lines }) =>
      lines.flatMap((line, place) =>
        objectIf(
          line.chargeCents === undefined,
          `lines.${place}.chargeCents`,
          `The charge of line ${line.lineNumber} is missing.`,
        ),
      ),
  },
  {
    ...first,
    id: 'line.charge-negative',
    check: (request) => eachLine(request, (charge) => charge < 0, 'is negative'),
  },
  {
    ...first,
    id: 'amount.lines-sum',
    check: (request) => {
      const total = totalOfLines(request);
      if (total === undefined || request.billedCents === undefined) return [];
      return objectIf(
        total !== request.billedCents,
        'billedCents',
        `The total charge (CLM02) is ${dollars(request.billedCents)}, but its lines add up to ${dollars(total)}.`,
      );
    },
  },
];

/** Undefined while it says nothing: no lines, or one without an amount within the limit. */
function totalOfLines({ lines }: PaymentRequest): Cents | undefined {
  const charges = lines.map((line) => line.chargeCents);
  const known = charges.filter((charge) => charge !== undefined && charge <= amountCentsMax) as Cents[];
  return lines.length > 0 && known.length === charges.length ? sumCents(known) : undefined;
}

const eachLine = ({ lines }: PaymentRequest, isWrong: (charge: Cents) => boolean, what: string) =>
  lines.flatMap((line, place) =>
    objectIf(
      line.chargeCents !== undefined && isWrong(line.chargeCents),
      `lines.${place}.chargeCents`,
      `The charge of line ${line.lineNumber} ${what}.`,
    ),
  );

const dollars = (amount: Cents): string => `$${formatDollars(amount)}`;
