import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readPayeeCsv, type CsvRow } from './payee-csv.gateway.ts';

const header = 'npi,tax_id,name,routing,account';

async function rowsOf(...chunks: (string | Uint8Array)[]): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  for await (const row of readPayeeCsv(Readable.from(chunks.map((chunk) => Buffer.from(chunk)))))
    rows.push(row);
  return rows;
}
const codesOf = (rows: CsvRow[]) =>
  rows.map((row) => [row.line, 'problem' in row ? row.problem.code : 'good']);

describe('a payee file', () => {
  it('reads the same however it is cut into chunks and whatever ends its lines', async () => {
    const lines = [header, '1,2,"Müller, ""MD""",4,5', '', '6,7,8,9,10'];
    const expected = await rowsOf(lines.join('\n'));
    expect(codesOf(expected)).toEqual([
      [2, 'good'],
      [4, 'good'],
    ]);
    expect(expected[0]).toMatchObject({ cells: { name: 'Müller, "MD"' } });
    const cuts = fc.array(fc.nat(90), { maxLength: 6 });
    const ends = fc.constantFrom('\n', '\r\n', '\r');
    await fc.assert(
      fc.asyncProperty(cuts, ends, fc.boolean(), async (places, end, isEnded) => {
        const bytes = Buffer.from(`\ufeff${lines.join(end)}${isEnded ? end : ''}`);
        const bounds = [0, ...[...places].sort((a, b) => a - b), bytes.length];
        const chunks = bounds.slice(1).map((bound, place) => bytes.subarray(bounds[place], bound));
        expect(await rowsOf(...chunks)).toEqual(expected);
      }),
    );
  });

  it('refuses a broken row alone', async () => {
    const broken = [
      '1,2,"open,4,5',
      '1,2,"x"y,4,5',
      '1,2,3',
      '1,2,\u0007,4,5',
      `1,2,${'x'.repeat(70_000)},4,5`,
    ];
    const rows = await rowsOf(
      [header, ...broken, '1,2,3,4,5'].join('\n'),
      Uint8Array.of(10, 255, 44, 44, 44, 44),
    );
    expect(codesOf(rows)).toEqual([
      [2, 'csv.quotes'],
      [3, 'csv.quotes'],
      [4, 'csv.cell-count'],
      [5, 'csv.characters'],
      [6, 'csv.too-long'],
      [7, 'good'],
      [8, 'csv.characters'],
    ]);
  });

  it('says that the header row is missing where the first row is one of payees, and repeats nothing of it', async () => {
    const account = '000123456789';
    const firsts = [
      `1234567893,123456789,Elm Street,021000021,${account}`,
      `${account},Elm Street`,
      `Elm Street,021000021,${account.replace(/(.{4})/g, '$1 ')}`,
      `npi,tax_id,name,routing,account,${account}`,
      `npi,tax_id,name,routing,DE44${account}`,
    ];
    for (const first of firsts) {
      const refusal = await rowsOf(`${first}\n`).then(String, (error: Error) => error.message);
      expect(refusal).toContain('header row');
      expect(refusal).not.toMatch(/\d{2}|Elm/);
    }
  });

  it('names the unknown column', async () => {
    await expect(rowsOf(`${header},pin\n`)).rejects.toThrow('“pin”');
  });
});
