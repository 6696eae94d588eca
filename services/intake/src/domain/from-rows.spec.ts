import { describe, expect, it } from '@jest/globals';
import { fromRows, readHeader, requiredColumns, type CsvRow } from './from-rows.ts';
import { locate } from './places.ts';

describe('a header row', () => {
  it.each([
    [[...requiredColumns, 'price'], 'csv.unknown-column'],
    [requiredColumns.slice(1), 'csv.missing-column'],
    [[...requiredColumns, 'npi'], 'csv.repeated-column'],
  ])('is refused with the names at fault', (cells, code) => {
    expect(readHeader(cells)).toMatchObject({ code, line: 1 });
  });

  it('is refused with a sentence that can be stored', () => {
    const column = `${'a'.repeat(39)}😀`;
    expect(readHeader([...requiredColumns, column])).toMatchObject({
      message: expect.not.stringMatching(/\p{Cs}/u),
    });
  });

  it('may have its columns in any order and case', () => {
    expect(readHeader([...requiredColumns].reverse().map((name) => ` ${name.toUpperCase()} `))).toHaveLength(
      11,
    );
  });
});

describe('rows of one claim', () => {
  it('are its lines', () => {
    const { request } = fromRows([aRow({ modifiers: '25 59' }), aRow({ charge: '$20.5', units: '2.5' })], 7);
    expect(request).toMatchObject({
      kind: 'csv',
      claimId: 'C1',
      frequency: '1',
      billedCents: 145_50,
      serviceFrom: '2026-11-01',
      diagnoses: ['J069', 'R05'],
      billingProvider: { npi: '1234567893', taxId: '123456789' },
      subscriber: { memberId: 'M1', birthDate: '1980-02-29' },
      lines: [
        { lineNumber: 1, procedure: '99213', modifiers: ['25', '59'], chargeCents: 125_00, units: '1' },
        { lineNumber: 2, chargeCents: 20_50, units: '2.5' },
      ],
      faults: [],
    });
  });

  it('carry what cannot be read as faults, each located by row and column', () => {
    const read = fromRows(
      [aRow({}), { ...aRow({ charge: '12,5', service_from: '11/31/2026' }), line: 3, byteOffset: 90 }],
      1,
    );
    const { faults } = read.request;
    expect(faults.map(({ code, field }) => [code, field])).toEqual([
      ['csv.day', 'lines.1.serviceFrom'],
      ['csv.charge', 'lines.1.chargeCents'],
    ]);
    const from = { kind: 'csv', byteOffset: read.byteOffset, places: read.places };
    expect(locate(from, { field: 'lines.1.chargeCents', ruleId: 'format.csv.charge' })).toEqual({
      line: 3,
      byteOffset: 90,
      column: 'charge',
    });
  });

  it('with another number of cells than the header are not guessed at', () => {
    const { request } = fromRows([{ ...aRow({}), cells: undefined }], 1);
    expect(request).toMatchObject({ claimId: 'C1', faults: [{ code: 'csv.cells', field: 'lines.0' }] });
    expect(request.billedCents).toBeUndefined();
  });
});

const aRow = (cells: CsvRow['cells']): CsvRow => ({
  ...{ claimId: 'C1', line: 2, byteOffset: 40, byteLength: 50 },
  cells: {
    ...{ claim_id: 'C1', npi: '1234567893', tax_id: '12-3456789', member_id: 'M1', last_name: 'DOE' },
    ...{ first_name: 'JO', birth_date: '02/29/1980', service_from: '2026-11-01', procedure: '99213' },
    ...{ charge: '125.00', diagnoses: 'J069;R05' },
    ...cells,
  },
});
