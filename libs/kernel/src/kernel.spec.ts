import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';
import { CannotProceed } from './errors.ts';
import { isUuid, uuidV5, uuidV7 } from './ids.ts';
import { isNpi } from './npi.ts';
import {
  addDays,
  compactDate,
  dayOf,
  dayOfWeek,
  daysBetween,
  parseCompactDate,
  parsePlainDate,
} from './plain-date.ts';

describe('plain dates', () => {
  it.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-1-1', '20260101', '1899-12-31', ''])(
    'refuses %j',
    (text) => {
      expect(parsePlainDate(text)).toBeUndefined();
    },
  );

  it('adds days across months, years and leap days', () => {
    expect(addDays(parsePlainDate('2024-02-28')!, 2)).toBe('2024-03-01');
    fc.assert(
      fc.property(fc.integer({ min: -30_000, max: 30_000 }), (days) => {
        const start = parsePlainDate('2026-11-22')!;
        expect(daysBetween(start, addDays(start, days))).toBe(days);
        expect(parseCompactDate(compactDate(addDays(start, days)))).toBe(addDays(start, days));
      }),
    );
  });

  it('knows the day of the week and the day in New York', () => {
    expect(dayOfWeek(parsePlainDate('2026-11-22')!)).toBe(0);
    expect(dayOf(new Date('2026-11-22T04:59:00Z'))).toBe('2026-11-21');
    expect(dayOf(new Date('2026-11-22T05:01:00Z'))).toBe('2026-11-22');
  });
});

describe('ids', () => {
  it('makes the version 5 id of the standard', () => {
    expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  it('makes version 7 ids that sort by time', () => {
    const [a, b] = [uuidV7(new Date(1000)), uuidV7(new Date(2000))];
    expect(a < b).toBe(true);
    expect(isUuid(a)).toBe(true);
    expect(a[14]).toBe('7');
  });
});

describe('NPI', () => {
  it.each(['1234567893', '1245319599', '2000000002'])('accepts %s', (npi) => expect(isNpi(npi)).toBe(true));
  it.each(['1234567890', '123456789', '3234567893', '12345678934', 'abcdefghij'])('refuses %s', (npi) =>
    expect(isNpi(npi)).toBe(false),
  );
  it('sees any single wrong digit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (place, change) => {
        const digits = [...'1234567893'];
        digits[place] = String((Number(digits[place]) + change) % 10);
        expect(isNpi(digits.join(''))).toBe(false);
      }),
    );
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order of members', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined })).toBe('{"b":[1,{"c":"x","d":null}]}');
  });
  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value)),
      ),
    );
  });
});

describe('accidents', () => {
  it('say their code and facts', () => {
    expect(new CannotProceed('payout.no-account', { payments: 3 }).message).toBe(
      'payout.no-account (payments=3)',
    );
  });
});
