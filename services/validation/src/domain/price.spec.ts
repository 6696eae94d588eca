import { describe, expect, it } from '@jest/globals';
import { cents, sumCents } from '@remitflow/kernel';
import fc from 'fast-check';
import type { Pricing } from './payee.ts';
import { aLine } from './payment-request.builder.ts';
import { nothingFor, priceLine } from './price.ts';

const percent = (basisPoints: number): Pricing => ({ kind: 'percent', basisPoints });
const fee = (amountCents: number): Pricing => ({
  kind: 'fee-schedule',
  fees: new Map([['99213', cents(amountCents)]]),
});

describe('the price of a line', () => {
  it.each([
    ['80 % of 125.00', percent(8000), '1', 125_00, 100_00, '45'],
    ['half a cent is rounded up', percent(5000), '1', 1, 1, undefined],
    ['all of it needs no adjustment', percent(10_000), '1', 125_00, 125_00, undefined],
    ['nothing is not CARC 45, which never takes a whole charge', percent(0), '1', 125_00, 0, '256'],
    ['a fee below the charge', fee(90_00), '1', 125_00, 90_00, '45'],
    ['never more than the charge', fee(200_00), '1', 125_00, 125_00, undefined],
    ['fee by units', fee(10_00), '3', 125_00, 30_00, '45'],
    ['fee by parts of a unit', fee(10_01), '0.5', 125_00, 5_01, '45'],
    ['absent units are one', fee(10_00), undefined, 125_00, 10_00, '45'],
    ['a line that charges nothing', percent(8000), '1', 0, 0, undefined],
  ])('%s', (_, pricing, units, charge, paidCents, reason) => {
    const price = priceLine(aLine({ units, chargeCents: cents(charge) }), pricing);
    expect(price.paidCents).toBe(paidCents);
    expect(price.adjustments.map((adjustment) => adjustment.reason)).toEqual(reason ? [reason] : []);
  });

  it('pays nothing for a procedure that the schedule does not name', () => {
    expect(priceLine(aLine({ procedure: '00000' }), fee(90_00))).toEqual(nothingFor(cents(125_00)));
  });

  it('finds an institutional line by its revenue code when it has no procedure', () => {
    const pricing: Pricing = { kind: 'fee-schedule', fees: new Map([['0450', cents(50_00)]]) };
    expect(priceLine(aLine({ procedure: undefined, revenueCode: '0450' }), pricing).paidCents).toBe(50_00);
  });

  it('always balances, between nothing and the charge', () => {
    const amount = fc.integer({ min: 0, max: 99_999_999_99 });
    const pricing = fc.oneof(
      fc.integer({ min: 0, max: 10_000 }).map(percent),
      amount.map((amountCents) => fee(amountCents)),
    );
    const units = fc.constantFrom('1', '2', '0.25', '.5', '99999999999', '3.3333');
    fc.assert(
      fc.property(amount, pricing, units, (charge, terms, count) => {
        const price = priceLine(aLine({ chargeCents: cents(charge), units: count }), terms);
        const adjusted = sumCents(price.adjustments.map(({ amountCents }) => amountCents));
        expect(charge - adjusted).toBe(price.paidCents);
        expect(price.paidCents >= 0 && price.paidCents <= charge).toBe(true);
        const whole = price.adjustments.find(({ amountCents }) => amountCents === charge);
        expect(whole?.reason ?? '256').toBe('256');
      }),
    );
  });
});
