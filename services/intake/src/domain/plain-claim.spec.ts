import { describe, expect, it } from '@jest/globals';
import { cents, plainDate } from '@remitflow/kernel';
import type { Claim837, ServiceLine } from '@remitflow/x12';
import fc from 'fast-check';
import { carefulRequest } from './from-claim.ts';
import { plainJsonLength } from './part-cutter.ts';
import { plainRequest } from './plain-claim.ts';

/** Mostly the first, so that whole claims are plain often enough. */
const mostly = <T>(usual: fc.Arbitrary<T>, ...odd: fc.Arbitrary<T>[]) =>
  fc.oneof({ arbitrary: usual, weight: 60 }, ...odd.map((arbitrary) => ({ arbitrary, weight: 1 })));
const texts = mostly(
  fc.string({ unit: fc.constantFrom(...'AZ09 -.#'), maxLength: 20 }),
  fc.string({ maxLength: 130 }),
  fc.constantFrom('a"b', 'a\\b', 'a\nb', 'é', '\ud83d\ude00', '\u007f', ''),
);
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 4 });
const days = fc.constantFrom(plainDate('2026-11-01'), plainDate('2024-02-29'));
const amounts = mostly(fc.nat(1_000_000_00), fc.constant(-1)).map(cents);
const mostlyShort = <T>(values: fc.Arbitrary<T>, often: number, most: number) =>
  mostly(fc.array(values, { maxLength: often }), fc.array(values, { maxLength: most }));

const people = fc.record({
  entity: fc.constant('person' as const),
  name: optional(texts),
  firstName: optional(texts),
  middleName: optional(texts),
  birthDate: optional(days),
  memberId: optional(texts),
});
const lines: fc.Arbitrary<ServiceLine> = fc.record({
  lineNumber: fc.integer({ min: -1, max: 10_001 }),
  lineControl: optional(texts),
  procedureQualifier: optional(mostly(fc.constant('HC'), fc.constant('long'))),
  procedure: optional(texts),
  modifiers: mostlyShort(mostly(fc.constantFrom('25', ''), fc.constant('a modifier too long')), 2, 9),
  revenueCode: optional(texts),
  chargeCents: optional(amounts),
  units: optional(mostly(fc.constant('1'), fc.constant('2.5'))),
  unitBasis: optional(mostly(fc.constant('UN'), fc.constant('UNIT'))),
  placeOfService: optional(mostly(fc.constant('11'), fc.constant('home'))),
  diagnosisPointers: fc.constant([1]),
  serviceFrom: optional(days),
  serviceTo: optional(days),
});
const claims = fc.record({
  type: fc.constantFrom('837P' as const, '837I' as const),
  claimId: fc.oneof(texts, fc.string({ unit: fc.constantFrom('A', '1'), maxLength: 80 })),
  totalChargeCents: optional(amounts),
  facilityCode: optional(mostly(fc.constant('11'), fc.constant('longer'))),
  frequency: optional(mostly(fc.constant('1'), fc.constant('long'))),
  originalReference: optional(texts),
  clearinghouseTrace: optional(texts),
  billingProvider: optional(
    fc.record({
      entity: fc.constant('person' as const),
      npi: optional(texts),
      taxId: optional(texts),
      name: optional(texts),
    }),
  ),
  subscriber: optional(people),
  patient: optional(people),
  payer: optional(fc.record({ name: optional(texts), id: optional(texts) })),
  diagnoses: mostlyShort(
    fc.record({ qualifier: fc.constant('ABK'), code: fc.constantFrom('J069', 'E119', '') }),
    3,
    52,
  ),
  serviceFrom: optional(days),
  serviceTo: optional(days),
  lines: mostlyShort(lines, 3, 6),
  faults: fc.constant([]),
}) as unknown as fc.Arbitrary<Claim837>;

describe('a claim that is read the short way', () => {
  it('gives the request that the careful way gives, and its JSON has the length that is told', () => {
    let short = 0;
    fc.assert(
      fc.property(claims, (claim) => {
        const request = plainRequest(claim);
        if (!request) return;
        short += 1;
        expect(request).toEqual(carefulRequest(claim, []));
        expect(plainJsonLength(request)).toBe(JSON.stringify(request).length);
      }),
      { numRuns: 3_000 },
    );
    expect(short).toBeGreaterThan(100);
  });

  it('is not one with faults', () => {
    const [claim] = fc.sample(claims, 1);
    const fault = { code: 'claim.charge', message: 'm', byteOffset: 0, severity: 'reject-claim' };
    expect(plainRequest({ ...claim!, faults: [fault] } as unknown as Claim837)).toBeUndefined();
  });
});
