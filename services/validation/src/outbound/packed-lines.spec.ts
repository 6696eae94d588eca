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
    serviceTo: fc.constant(plainDate('2026-11-02')),
    chargeCents: amount,
    paidCents: amount,
    adjustments: fc.array(
      fc.record({ group: fc.constant('CO' as const), reason: fc.string(), amountCents: amount }),
      {
        maxLength: 2,
      },
    ),
  },
  { noNullPrototype: true },
);

describe('packed lines', () => {
  it('are what was packed, request by request', () => {
    fc.assert(
      fc.property(fc.array(fc.array(aDecidedLine, { maxLength: 4 }), { maxLength: 6 }), (requests) => {
        const packed = packLines(requests);
        requests.forEach((lines, place) => {
          expect(JSON.parse(JSON.stringify(unpackLines(packed, place)))).toEqual(
            JSON.parse(JSON.stringify(lines)),
          );
        });
      }),
    );
  });

  it('of a place that is not there are none', () => {
    expect(unpackLines(packLines([]), 0)).toEqual([]);
  });
});
