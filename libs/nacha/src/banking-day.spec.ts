import { describe, expect, it } from '@jest/globals';
import { addDays, dayOfWeek, daysBetween, plainDate, type PlainDate } from '@remitflow/kernel';
import fc from 'fast-check';
import {
  addBankingDays,
  effectiveDateFor,
  federalReserveHolidays,
  isBankingDay,
  nextBankingDay,
} from './banking-day.ts';

const aDay: fc.Arbitrary<PlainDate> = fc
  .nat({ max: daysBetween(plainDate('2024-01-01'), plainDate('2050-12-31')) })
  .map((days) => addDays(plainDate('2024-01-01'), days));

describe('the calendar of the Federal Reserve', () => {
  it.each([
    [2024, '01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25'],
    [2025, '01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25'],
    [2026, '01-01 01-19 02-16 05-25 06-19 07-04 09-07 10-12 11-11 11-26 12-25'],
    [2027, '01-01 01-18 02-15 05-31 06-19 07-05 09-06 10-11 11-11 11-25 12-25'],
    [2028, '01-01 01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-11 11-23 12-25'],
    [2029, '01-01 01-15 02-19 05-28 06-19 07-04 09-03 10-08 11-12 11-22 12-25'],
  ])('closes in %i as the Board published', (year, days) => {
    expect(federalReserveHolidays(year).map(({ date }) => date.slice(5))).toEqual(days.split(' '));
  });

  it.each([
    ['2026-07-03', 'the Friday before a Saturday holiday'],
    ['2027-12-24', 'the Friday before Christmas on a Saturday'],
    ['2027-12-31', 'the Friday before New Year on a Saturday'],
    ['2026-11-27', 'the day after Thanksgiving'],
  ])('is open on %s: %s', (day) => {
    expect(isBankingDay(plainDate(day))).toBe(true);
  });

  it.each(['2027-07-05', '2028-11-23', '2033-01-17', '2022-12-26', '2026-11-22'])(
    'is closed on %s',
    (day) => {
      expect(isBankingDay(plainDate(day))).toBe(false);
    },
  );

  it('has eleven holidays a year, never on a Sunday, from 2024 to 2050', () => {
    for (let year = 2024; year <= 2050; year += 1) {
      const holidays = federalReserveHolidays(year);
      expect(new Set(holidays.map(({ date }) => date)).size).toBe(11);
      expect(holidays.map(({ date }) => date)).toEqual(holidays.map(({ date }) => date).sort());
      for (const { date } of holidays) expect(dayOfWeek(date)).not.toBe(0);
    }
  });

  it('steps over closed days only', () => {
    fc.assert(
      fc.property(aDay, (day) => {
        const next = nextBankingDay(day);
        expect(isBankingDay(next)).toBe(true);
        expect(next > day).toBe(true);
        for (let between = addDays(day, 1); between < next; between = addDays(between, 1)) {
          expect(isBankingDay(between)).toBe(false);
        }
      }),
    );
  });

  it('comes back from where it went', () => {
    fc.assert(
      fc.property(aDay, fc.integer({ min: -30, max: 30 }), (day, days) => {
        const open = addBankingDays(day, 0);
        expect(addBankingDays(addBankingDays(open, days), -days)).toBe(open);
      }),
    );
  });

  it('never waits more than four days in a row', () => {
    fc.assert(
      fc.property(aDay, (day) => expect(daysBetween(day, nextBankingDay(day))).toBeLessThanOrEqual(4)),
    );
  });

  it.each([
    ['a Monday', '2026-11-23', 1, '2026-11-24'],
    ['over Thanksgiving', '2026-11-25', 1, '2026-11-27'],
    ['a Friday', '2026-11-20', 1, '2026-11-23'],
    ['a Sunday, processed on Monday', '2026-11-22', 1, '2026-11-24'],
    ['two days', '2026-11-24', 2, '2026-11-27'],
    ['the same day', '2026-11-24', 0, '2026-11-24'],
    ['the same day, on a holiday', '2026-11-26', 0, '2026-11-27'],
  ])('gives credits their effective date: %s', (_, day, days, effective) => {
    expect(effectiveDateFor(plainDate(day), days)).toBe(effective);
  });

  it('pays nothing before it is processed', () => {
    expect(() => effectiveDateFor(plainDate('2026-11-24'), -1)).toThrow('nacha.effective-before-processing');
  });
});
