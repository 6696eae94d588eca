import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { cents, plainDate } from '@remitflow/kernel';
import fc from 'fast-check';
import type { DecidedLine } from '../domain/decided-request.ts';
import { packLines, unpackLines } from './packed-lines.ts';

const text = fc.option(fc.string({ minLength: 1, maxLength: 12 }), { nil: undefined });
const amount = fc.nat(10_000_000_000).map(cents);
const aDecidedLine: fc.Arbitrary<DecidedLine> = fc.record(
  {
    lineNumber: fc.integer({ min: 1, max: 999 }),
    lineControl: text,
    procedureQualifier: text,
    procedure: text,
    modifiers: fc.array(fc.string({ minLength: 2, maxLength: 2 }), { maxLength: 4 }),
    revenueCode: text,
    units: text,
    serviceFrom: fc.constant(plainDate('2026-11-01')),
    serviceTo: fc.constantFrom(plainDate('2026-11-01'), plainDate('2026-11-02')),
    chargeCents: amount,
    paidCents: amount,
    adjustments: fc.array(
      fc.record({ group: fc.constant('CO' as const), reason: fc.string(), amountCents: amount }),
      { maxLength: 2 },
    ),
  },
  { noNullPrototype: true },
);

/** What is not paid is the one adjustment, as prices are; otherwise adjustments are any. */
const aPricedLine = fc.tuple(aDecidedLine, fc.boolean()).map(([line, isPriced]): DecidedLine => {
  const { chargeCents, paidCents, adjustments } = line;
  const unpaid = { amountCents: cents(chargeCents - paidCents) };
  return isPriced
    ? { ...line, adjustments: adjustments.slice(0, 1).map((one) => ({ ...one, ...unpaid })) }
    : line;
});

describe('packed lines', () => {
  it('are what was packed, request by request', () => {
    fc.assert(
      fc.property(fc.array(fc.array(aPricedLine, { maxLength: 4 }), { maxLength: 6 }), (requests) => {
        const packed = packLines(requests);
        requests.forEach((lines, place) => {
          expect(JSON.parse(JSON.stringify(unpackLines(packed, place)))).toEqual(
            JSON.parse(JSON.stringify(lines)),
          );
        });
      }),
    );
  });

  it('of before there were columns are read, too', () => {
    const line = [
      ...[1, 'L1', 'HC', '99213', ['25'], null, '1', '2026-11-02', '2026-11-03', 12500, 10000],
      [['CO', '45', 2500]],
    ];
    const packed = deflateSync(JSON.stringify([[], [line]]));
    expect(unpackLines(packed, 0)).toEqual([]);
    expect(unpackLines(packed, 1)).toEqual([
      {
        ...{
          lineNumber: 1,
          lineControl: 'L1',
          procedureQualifier: 'HC',
          procedure: '99213',
          modifiers: ['25'],
        },
        ...{ units: '1', serviceFrom: '2026-11-02', serviceTo: '2026-11-03' },
        ...{ chargeCents: 12500, paidCents: 10000 },
        adjustments: [{ group: 'CO', reason: '45', amountCents: 2500 }],
      },
    ]);
  });

  it('of a place that is not there are none', () => {
    expect(unpackLines(packLines([]), 0)).toEqual([]);
  });
});
