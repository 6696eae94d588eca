import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DecidedClaim } from '../domain/claim-payment.ts';
import { packClaims, packJson, unpackClaims } from './claim-pack.ts';

const text = fc.string({ maxLength: 12, unit: 'grapheme' });
const maybe = fc.option(text, { nil: undefined });
const day = fc.constantFrom('2026-11-01', '2026-11-02', '2026-11-03');
const cents = fc.integer({ min: 0, max: 9_999_999_999 });
const person = fc.record({ memberId: maybe, lastName: maybe, firstName: maybe, middleName: maybe });

const adjustment = fc.record({
  group: fc.constantFrom('CO' as const, 'PR' as const, 'OA' as const),
  reason: text,
  amountCents: cents,
});

const line = fc.record({
  lineControl: maybe,
  procedureQualifier: maybe,
  procedure: maybe,
  modifiers: fc.array(text, { maxLength: 4 }),
  revenueCode: maybe,
  units: maybe,
  serviceFrom: day,
  serviceTo: day,
  chargeCents: cents,
  paidCents: cents,
  adjustments: fc.array(adjustment, { maxLength: 4 }),
});

const claim: fc.Arbitrary<DecidedClaim> = fc.record({
  requestId: fc.uuid(),
  claimId: text,
  frequency: text,
  facilityCode: maybe,
  subscriber: person,
  patient: fc.option(person, { nil: undefined }),
  serviceFrom: day,
  serviceTo: day,
  receivedOn: day,
  billedCents: cents,
  paidCents: cents,
  lines: fc.array(line, { maxLength: 3 }),
});

describe('claims that are stored', () => {
  it('are read as they were, whatever they hold and however many', () => {
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 40 }), (claims) => {
        expect(unpackClaims(packClaims(claims))).toEqual(claims);
      }),
    );
  });

  it('are read as they were stored before: as objects', () => {
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 10 }), (claims) => {
        expect(unpackClaims(packJson(claims))).toEqual(claims);
      }),
    );
  });

  it('hold nothing that no remittance says', () => {
    fc.assert(
      fc.property(claim, (one) => {
        const heard = { ...one, subscriber: { ...one.subscriber, birthDate: '1966-06-06' }, contractId: 'x' };
        expect(packClaims([heard])).toEqual(packClaims([one]));
      }),
    );
  });
});
