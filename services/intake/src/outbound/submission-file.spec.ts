import { describe, expect, it } from '@jest/globals';
import { requiredColumns } from '../domain/from-rows.ts';
import { locate } from '../domain/places.ts';
import type { ReadBatch } from '../domain/request.ts';
import type { Format } from '../domain/declared-format.ts';
import { readSubmission } from './submission-file.gateway.ts';

async function read(format: Format, text: string | Buffer, options = {}) {
  const bytes = Buffer.from(text);
  async function* source() {
    for (let at = 0; at < bytes.length; at += 64) yield bytes.subarray(at, at + 64);
  }
  const batches: ReadBatch[] = [];
  for await (const batch of readSubmission({ format, source: source() }, options)) batches.push(batch);
  const requests = batches.flatMap((batch) => [...batch.requests()]);
  return {
    requests,
    failure: batches.at(-1)?.failure,
    interchanges: batches.flatMap((b) => b.interchanges ?? []),
    bytes,
  };
}

const header = [...requiredColumns].join(',');
const row = (claimId: string, charge = '10') =>
  `${claimId},1234567893,123456789,M1,DOE,JO,1980-02-29,2026-11-01,99213,${charge},J069`;

describe('a CSV file', () => {
  it('is read into claims that know their bytes', async () => {
    const text = `\uFEFF${header}\r\n${row('A')}\r\n${row('A')}\r\n\r\n${row('"B, é"')}\r\n`;
    const { requests, failure, bytes } = await read('csv', text);
    expect(failure).toBeUndefined();
    expect(
      requests.map(({ position, request }) => [position, request.claimId, request.lines.length]),
    ).toEqual([
      [1, 'A', 2],
      [2, 'B, é', 1],
    ]);
    const sources = requests.map(({ byteOffset, byteLength }) =>
      bytes.subarray(byteOffset, byteOffset + byteLength).toString(),
    );
    expect(sources[0]!.trim()).toBe(`${row('A')}\r\n${row('A')}`);
    expect(sources[1]!.trim()).toBe(row('"B, é"'));
    expect(requests.map(({ ordinal }) => ordinal)).toEqual([2, 5]);
  });

  it.each([
    ['an unknown column', `${header},price\n${row('A')},1`, 'csv.unknown-column', 1],
    ['an open quotation mark', `${header}\n${row('A')}\n${row('"B')}\n`, 'csv.quote-not-closed', undefined],
    ['one claim without end', `${header}\n${`${row('A')}\n`.repeat(1000)}`, 'csv.claim-too-long', 1001],
  ])('with %s fails', async (_, text, code, line) => {
    const { failure } = await read('csv', text);
    expect(failure).toMatchObject({ code, ...(line ? { line } : {}) });
  });

  it('in another charset fails at its first foreign byte', async () => {
    const text = Buffer.concat([
      Buffer.from(`${header}\n${row('A')}\n${'x'.repeat(70)}`),
      Buffer.from([0xe9, 0x2c, 0x20, 0x20, 0x20]),
    ]);
    expect((await read('csv', text)).failure).toMatchObject({
      code: 'file.charset',
      byteOffset: text.length - 5,
    });
  });
});

describe('a JSON file', () => {
  it('is read into requests that know their bytes', async () => {
    const text = '[ {"claimId":"A","lines":[]},\n 7 ]';
    const { requests, bytes } = await read('json', text);
    expect(requests.map(({ request }) => [request.claimId, request.faults.map(({ code }) => code)])).toEqual([
      ['A', []],
      ['', ['field.type']],
    ]);
    const [{ byteOffset, byteLength }] = requests as [(typeof requests)[0]];
    expect(JSON.parse(bytes.subarray(byteOffset, byteOffset + byteLength).toString())).toMatchObject({
      claimId: 'A',
    });
  });

  it('that is not JSON inside an entry fails there', async () => {
    const { failure } = await read('json', '[{"claimId":"A"},{"claimId":B}]');
    expect(failure).toMatchObject({ code: 'json.malformed' });
    expect(failure!.byteOffset).toBeGreaterThanOrEqual(17);
  });
});

describe('an 837 file', () => {
  it('carries a bad claim with its faults where they stand', async () => {
    const { requests, failure, interchanges, bytes } = await read('x12', badClaim);
    expect(failure).toBeUndefined();
    expect(interchanges).toEqual([
      { sender: 'ZZ*SENDER', controlNumber: '000000001', usage: 'P', byteOffset: 0 },
    ]);
    const [{ request, places, byteOffset, ordinal }] = requests as [(typeof requests)[0]];
    expect(request.faults.map(({ code, field }) => [code, field])).toEqual([
      ['line.charge', 'lines.1.chargeCents'],
      ['line.date', 'lines.1.serviceFrom'],
    ]);
    expect(request.lines).toMatchObject([{ chargeCents: 10_00 }, { procedure: '99214' }]);
    const at = locate(
      { kind: '837P', places, byteOffset, ordinal },
      { field: 'lines.1.chargeCents', ruleId: 'x' },
    );
    expect(at).toMatchObject({ loop: '2400', segment: 'SV1', element: 2 });
    expect(bytes.subarray(at.byteOffset).toString().startsWith('1O.00*')).toBe(true);
  });

  it('for another receiver fails at ISA08', async () => {
    const { failure } = await read('x12', badClaim, { receiverIds: ['SOMEBODY'] });
    expect(failure).toMatchObject({
      code: 'interchange.receiver',
      segment: 'ISA',
      element: 8,
      byteOffset: 54,
    });
  });
});

const badClaim = [
  'ISA*00*          *00*          *ZZ*SENDER         *ZZ*REMITFLOW      *261122*0130*^*00501*000000001*0*P*:',
  'GS*HC*SENDER*REMITFLOW*20261122*0130*1*X*005010X222A1',
  'ST*837*0001*005010X222A1',
  'BHT*0019*00*B1*20261122*0130*CH',
  'NM1*41*2*BILLER*****46*B1',
  'NM1*40*2*REMITFLOW*****46*REMITFLOW',
  'HL*1**20*1',
  'NM1*85*2*NORTH CLINIC*****XX*1234567893',
  'REF*EI*123456789',
  'HL*2*1*22*0',
  'SBR*P*18*******CI',
  'NM1*IL*1*DOE*JO****MI*M1',
  'NM1*PR*2*PLAN*****PI*PLAN1',
  'CLM*C1*20***11:B:1*Y*A*Y*Y',
  'HI*ABK:J069',
  'LX*1',
  'SV1*HC:99213*10.00*UN*1***1',
  'DTP*472*D8*20261101',
  'LX*2',
  'SV1*HC:99214*1O.00*UN*1***1',
  'DTP*472*D8*20261131',
  'SE*20*0001',
  'GE*1*1',
  'IEA*1*000000001',
]
  .map((segment) => `${segment}~`)
  .join('\n');
