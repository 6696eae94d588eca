import { describe, expect, it } from '@jest/globals';
import { dayOf, plainDate } from '@remitflow/kernel';
import { isBankingDay } from '@remitflow/nacha';
import fc from 'fast-check';
import { cutOffInstant, latestCutOff, nextCutOff, wallTime } from './cut-off.ts';

const at = (day: string, time: string): string => cutOffInstant(plainDate(day), time).toISOString();

describe('cut-off', () => {
  it('follows the clock in New York through the seasons', () => {
    expect(at('2026-01-15', '16:00')).toBe('2026-01-15T21:00:00.000Z');
    expect(at('2026-07-15', '16:00')).toBe('2026-07-15T20:00:00.000Z');
  });

  it('is right on the days on which the clock changes', () => {
    expect(at('2026-03-08', '01:59')).toBe('2026-03-08T06:59:00.000Z');
    expect(at('2026-03-08', '02:30')).toBe('2026-03-08T07:30:00.000Z'); // skipped: 03:30 by the new clock
    expect(at('2026-03-08', '03:00')).toBe('2026-03-08T07:00:00.000Z');
    expect(at('2026-03-08', '16:00')).toBe('2026-03-08T20:00:00.000Z');
    expect(at('2026-11-01', '01:30')).toBe('2026-11-01T05:30:00.000Z'); // comes twice: the first
    expect(at('2026-11-01', '02:00')).toBe('2026-11-01T07:00:00.000Z');
    expect(at('2026-11-01', '16:00')).toBe('2026-11-01T21:00:00.000Z');
  });

  it('passes over weekends and holidays', () => {
    const afterWednesday = new Date('2026-11-25T21:00:01Z'); // Thanksgiving is the 26th
    expect(nextCutOff(afterWednesday, '16:00').toISOString()).toBe('2026-11-27T21:00:00.000Z');
    const sunday = new Date('2026-11-22T12:00:00Z');
    expect(latestCutOff(sunday, '16:00').toISOString()).toBe('2026-11-20T21:00:00.000Z');
    expect(nextCutOff(sunday, '16:00').toISOString()).toBe('2026-11-23T21:00:00.000Z');
    const independenceDayOnSaturday = new Date('2026-07-03T12:00:00Z'); // the Friday before stays open
    expect(nextCutOff(independenceDayOnSaturday, '16:00').toISOString()).toBe('2026-07-03T20:00:00.000Z');
  });

  it('has passed in the very instant in which it falls', () => {
    const instant = cutOffInstant(plainDate('2026-11-23'), '16:00');
    expect(latestCutOff(instant, '16:00')).toEqual(instant);
    expect(nextCutOff(instant, '16:00').toISOString()).toBe('2026-11-24T21:00:00.000Z');
  });

  it('leaves no instant between the last cut-off and the next, whatever the time of day', () => {
    const instants = fc.date({
      min: new Date('2024-01-01'),
      max: new Date('2032-01-01'),
      noInvalidDate: true,
    });
    const times = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }));
    fc.assert(
      fc.property(instants, times, (now, [hour, minute]) => {
        const time = [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
        const [latest, next] = [latestCutOff(now, time), nextCutOff(now, time)];
        expect(latest <= now && now < next).toBe(true);
        expect([latest, next].every((instant) => isBankingDay(dayOf(instant)))).toBe(true);
        expect(latestCutOff(new Date(next.getTime() - 1), time)).toEqual(latest);
      }),
      { numRuns: 60 },
    );
  });

  it('tells the wall time as a file header does', () => {
    expect(wallTime(new Date('2026-11-22T01:05:59Z'))).toBe('2005');
    expect(wallTime(new Date('2026-07-15T04:00:00Z'))).toBe('0000');
  });
});
