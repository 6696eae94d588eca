import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allocate, cents, formatDollars, parseDollars, percentOf, sumCents } from './cents.ts';

const anAmount = fc.integer({ min: -1_000_000_000_00, max: 1_000_000_000_00 });
const weights = fc
  .array(fc.nat(1_000_000), { minLength: 1, maxLength: 40 })
  .filter((all) => all.some((one) => one > 0));

describe('cents', () => {
  it('refuses a fraction of a cent', () => {
    expect(() => cents(0.1 + 0.2)).toThrow('money.not-whole-cents');
  });

  it('splits so that the parts sum to the whole, takebacks included', () => {
    fc.assert(
      fc.property(anAmount, weights, (total, shares) => {
        expect(sumCents(allocate(cents(total), shares))).toBe(total);
      }),
    );
  });

  it('never gives a share further than a cent from its exact part', () => {
    fc.assert(
      fc.property(anAmount, weights, (total, shares) => {
        const whole = shares.reduce((sum, weight) => sum + weight, 0);
        allocate(cents(total), shares).forEach((part, place) => {
          expect(Math.abs(part - (total * shares[place]!) / whole)).toBeLessThan(1.0001);
        });
      }),
    );
  });

  it('splits a hundred dollars in three', () => {
    expect(allocate(cents(100_00), [1, 1, 1])).toEqual([33_34, 33_33, 33_33]);
  });

  it('refuses to split over nothing', () => {
    expect(() => allocate(cents(1), [0, 0])).toThrow('money.no-weight');
    expect(() => allocate(cents(1), [-1, 2])).toThrow('money.bad-weight');
  });

  it.each([
    [cents(10_05), 8000, 8_04],
    [cents(1), 5000, 1],
    [cents(-1), 5000, -1],
    [cents(99), 10_000, 99],
    [cents(33), 3333, 11],
  ])('takes a percentage of %i by %i hundredths of a percent', (amount, basisPoints, expected) => {
    expect(percentOf(amount, basisPoints)).toBe(expected);
  });

  it('writes what it reads back, without trailing zeros', () => {
    fc.assert(
      fc.property(anAmount, (amount) => {
        const text = formatDollars(cents(amount));
        expect(text).not.toMatch(/\.\d?0$/);
        expect(parseDollars(text)).toBe(amount);
      }),
    );
  });

  it.each([
    ['132', 13200],
    ['810.8', 81080],
    ['.5', 50],
    ['7.', 700],
    ['1400.00', 140000],
    ['1.2300', 123],
    ['-1.27', -127],
  ])('reads %s', (text, amount) => {
    expect(parseDollars(text)).toBe(amount);
  });

  it.each(['', '-', '.', '1.234', '1,000', '1e3', 'NaN', ' 1', '$5', '+5'])(
    'does not take %j for an amount',
    (text) => {
      expect(parseDollars(text)).toBeUndefined();
    },
  );
});
