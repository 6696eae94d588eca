import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitRequest } from './fit-request.ts';
import { fromJson } from './from-json.ts';

describe('a request made to fit', () => {
  const fieldsOf = (raw: unknown) => fitRequest(raw, 'json').faults.map(({ code, field }) => [code, field]);

  it('leaves out what does not fit and names it', () => {
    const raw = {
      claimId: 'A',
      billedCents: 12.5,
      serviceFrom: '2026-02-30',
      frequency: '11111',
      subscriber: { memberId: 7 },
      billingProvider: 'none',
      lines: [{ procedure: '99213' }, { chargeCents: -1, price: 3 }],
    };
    expect(fieldsOf(raw)).toEqual([
      ['field.too-long', 'frequency'],
      ['field.type', 'billingProvider'],
      ['field.type', 'subscriber.memberId'],
      ['field.amount', 'billedCents'],
      ['field.day', 'serviceFrom'],
      ['field.unknown', 'lines.1'],
      ['field.amount', 'lines.1.chargeCents'],
    ]);
    expect(fitRequest(raw, 'json')).toMatchObject({
      claimId: 'A',
      subscriber: {},
      lines: [{}, { lineNumber: 2 }],
    });
  });

  it('takes no control characters: no database stores a zero byte', () => {
    expect(fieldsOf({ claimId: 'A\u0000' })).toEqual([['field.control-character', 'claimId']]);
  });

  it.each([
    ['claimId', { claimId: 'A\ud800' }],
    ['originalReference', { originalReference: '\udc00' }],
    ['clearinghouseTrace', { clearinghouseTrace: '\ud800' }],
    ['payerId', { payerId: 'P\u0000' }],
    ['billingProvider.name', { billingProvider: { name: 'N\ud800X' } }],
    ['subscriber.lastName', { subscriber: { lastName: '\ud83d' } }],
    ['patient.firstName', { patient: { firstName: 'J\udfff' } }],
    ['diagnoses', { diagnoses: ['J069', 'J\ud800'] }],
    ['lines.0.procedure', { lines: [{ procedure: '9\ud8009' }] }],
    ['lines.0.lineControl', { lines: [{ lineControl: '\u0000' }] }],
    ['lines.0.modifiers', { lines: [{ modifiers: ['2\udc00'] }] }],
  ])('takes no half of a character in %s: jsonb refuses it', (field, raw) => {
    expect(fieldsOf(raw)).toEqual([['field.control-character', field]]);
    expect(JSON.stringify(fitRequest(raw, 'json'))).not.toMatch(/\\ud[89a-f]|\\u0000/i);
  });

  it('never repeats a value or an odd member name in a fault', () => {
    const { faults } = fitRequest({ 'jane doe 1980': 1, subscriber: { birthDate: 'DOE-SECRET' } }, 'json');
    expect(JSON.stringify(faults)).not.toMatch(/jane|SECRET/);
  });

  it('makes something of anything, with faults that fit their contract', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        const { faults, lines, diagnoses } = fitRequest(
          { lines: raw, diagnoses: raw, ...(raw as object) },
          'json',
        );
        expect(faults.length).toBeLessThanOrEqual(200);
        expect(lines.length).toBeLessThanOrEqual(999);
        expect(diagnoses.length).toBeLessThanOrEqual(50);
        for (const { field, message } of faults) {
          expect(field === undefined || field.length <= 80).toBe(true);
          expect(message.length).toBeLessThanOrEqual(600);
        }
      }),
    );
  });
});

it('a JSON request takes its days from its lines', () => {
  const lines = [{ serviceFrom: '2026-11-03' }, { serviceFrom: '2026-11-01', serviceTo: '2026-11-02' }];
  expect(fromJson({ claimId: 'A', lines })).toMatchObject({
    frequency: '1',
    serviceFrom: '2026-11-01',
    serviceTo: '2026-11-03',
    lines: [{ serviceTo: '2026-11-03' }, {}],
  });
});
