import { describe, expect, it } from '@jest/globals';
import { cents, plainDate, type PlainDate } from '@remitflow/kernel';
import fc from 'fast-check';
import { billOf } from './bill.ts';
import { aLine, aRequest, npiOf } from './payment-request.builder.ts';

const twoLines = [
  aLine({ modifiers: ['25', 'GT'] }),
  aLine({ lineNumber: 2, lineControl: 'L2', procedure: '87880', chargeCents: cents(30_00) }),
];
const request = aRequest({ lines: twoLines });
const institutional = aRequest({ ...request, kind: '837I', facilityCode: '13' });

describe('the same bill', () => {
  it.each([
    ['another claim id', { claimId: 'OTHER' }],
    ['another request of another file', { requestId: '5b0c2f4e-6a39-4f0e-8e3e-0a8e1f1d00ff', position: 9 }],
    ['by another door', { kind: 'csv' as const }],
    ['member id in other letters', { subscriber: { memberId: ' m100 ' } }],
    ['modifiers in another order', { lines: [{ ...twoLines[0]!, modifiers: ['GT', '25'] }, twoLines[1]!] }],
    ['other units for the same charge', { lines: twoLines.map((line) => ({ ...line, units: '2' })) }],
    ['units left out', { lines: twoLines.map((line) => ({ ...line, units: undefined })) }],
    [
      'no place of service, as by CSV',
      { facilityCode: undefined, lines: twoLines.map((line) => ({ ...line, placeOfService: undefined })) },
    ],
    ['line control numbers', { lines: twoLines.map((line) => ({ ...line, lineControl: undefined })) }],
  ])('in spite of %s', (_, change) => {
    expect(billOf({ ...request, ...change })).toEqual(billOf(request));
  });

  it('whatever the order of lines', () => {
    const lines = Array.from({ length: 6 }, (_, place) => aLine({ procedure: `9921${place}` }));
    const inOrder = billOf(aRequest({ lines }));
    fc.assert(
      fc.property(fc.shuffledSubarray(lines, { minLength: 6 }), (shuffled) => {
        expect(billOf(aRequest({ lines: shuffled }))).toEqual(inOrder);
      }),
    );
  });
});

describe('what is hashed of a bill is for ever: what was kept by it is found by it', () => {
  it('by its lines', () => {
    const lines = [aLine({ lineNumber: 2, procedure: '8"7', chargeCents: undefined }), ...twoLines];
    const npi = request.billingProvider.npi!;
    expect(JSON.parse(billOf({ ...request, lines }).identity)).toEqual([
      ...['professional', 'M100', [], npi],
      '["2026-11-02","2026-11-02","87880","",3000]',
      '["2026-11-02","2026-11-02","8\\"7","",null]',
      '["2026-11-02","2026-11-02","99213","25 GT",12500]',
    ]);
  });

  it('of an institution by its head, too', () => {
    const lines = [aLine({ revenueCode: '0450', procedure: undefined, serviceFrom: undefined })];
    const npi = institutional.billingProvider.npi!;
    expect(JSON.parse(billOf({ ...institutional, lines }).identity)).toEqual([
      ...['institutional', 'M100', [], npi, '13', '1', '2026-11-02', '2026-11-02', 12500],
      '["0450","","",null,12500]',
    ]);
  });
});

describe('the day of a bill', () => {
  const days = ['2026-01-31', '2026-02-01', '2026-11-02', undefined].map((day) => day && plainDate(day));
  const aDay = fc.constantFrom(...(days as (PlainDate | undefined)[]));
  const lines = fc.array(
    fc.record({ serviceFrom: aDay, serviceTo: aDay }).map((dates) => aLine(dates)),
    { minLength: 1, maxLength: 3 },
  );
  const kind = fc.constantFrom('837P', '837I', 'csv', 'json' as const);

  it('is the same for the same bill: it is looked for among those of its month alone', () => {
    const dated = fc.record({ kind, lines, serviceFrom: aDay, serviceTo: aDay });
    fc.assert(
      fc.property(dated, aDay, aDay, fc.boolean(), (one, serviceFrom, serviceTo, isReversed) => {
        const other = {
          ...one,
          serviceFrom,
          serviceTo,
          lines: isReversed ? [...one.lines].reverse() : one.lines,
        };
        const [first, second] = [billOf(aRequest(one)), billOf(aRequest(other))];
        if (first.identity === second.identity) expect(second.servedOn).toBe(first.servedOn);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the first of its lines', () => {
    const later = aLine({ serviceFrom: plainDate('2026-11-05') });
    expect(billOf(aRequest({ lines: [later, aLine()] })).servedOn).toBe('2026-11-02');
    expect(billOf(aRequest({ lines: [later], serviceFrom: plainDate('2026-10-31') })).servedOn).toBe(
      '2026-11-05',
    );
  });
});

describe('another bill', () => {
  const firstLine = (change: object) => ({ lines: [{ ...twoLines[0]!, ...change }, twoLines[1]!] });
  it.each([
    ['member', { subscriber: { memberId: 'M101' } }],
    ['dependent of the member', { patient: { firstName: 'Ann', birthDate: '2020-02-02' } }],
    ['provider', { billingProvider: { npi: npiOf(99) } }],
    ['day', firstLine({ serviceFrom: plainDate('2026-11-01') })],
    ['last day', firstLine({ serviceTo: plainDate('2026-11-03') })],
    ['procedure', firstLine({ procedure: '99214' })],
    ['modifier', firstLine({ modifiers: ['25'] })],
    ['charge', firstLine({ chargeCents: cents(126_00) })],
    ['number of lines: two of one service are not one', { lines: [...twoLines, twoLines[1]!] }],
  ])('for another %s', (_, change) => {
    expect(billOf({ ...request, ...change }).identity).not.toBe(billOf(request).identity);
  });

  it.each([
    ['type of bill', { facilityCode: '11' }],
    ['frequency', { frequency: '2' }],
    ['total charge', { billedCents: cents(1_00) }],
    ['period', { serviceTo: plainDate('2026-11-05') }],
    ['revenue code', { lines: twoLines.map((line) => ({ ...line, revenueCode: '0450' })) }],
  ])('of an institution for another %s', (_, change) => {
    expect(billOf({ ...institutional, ...change }).identity).not.toBe(billOf(institutional).identity);
  });
});
