import { describe, expect, it } from '@jest/globals';
import { placeOf, placesOf, readClaims, type Claim837, type ClaimEvent } from '../index.ts';
import { all, bytesOf, isaOf, sourceOf } from '../testing/fixtures.ts';

const marks = { element: '*', component: ':', segment: '~', repetition: '^' };
const provider = 'HL*1**20*1~NM1*85*2*NORTH CLINIC*****XX*1234567893~N3*1 MAIN~REF*EI*12-3456789~';
const subscriber =
  'HL*2*1*22*0~SBR*P*18*G1******CI~NM1*IL*1*DOE*JO****MI*M1~DMG*D8*19800229*F~NM1*PR*2*PLAN*****PI*P1~';
const line = 'LX*1~SV1*HC:99213:25*100*UN*1*11**1:2~DTP*472*D8*20261101~REF*6R*L1~';
const clm = 'CLM*A1*100***11:B:1*Y*A*Y*Y~HI*ABK:J020*ABF:R05~';

describe('claims read', () => {
  it('say everything a payment needs', async () => {
    const [claim] = await claimsOf(file(provider + subscriber + clm + line));
    expect(claim).toMatchObject({
      claimId: 'A1',
      totalChargeCents: 100_00,
      facilityCode: '11',
      frequency: '1',
      diagnoses: [
        { qualifier: 'ABK', code: 'J020' },
        { qualifier: 'ABF', code: 'R05' },
      ],
      billingProvider: { taxId: '123456789', taxIdQualifier: 'EI', address: { line1: '1 MAIN' } },
      subscriber: {
        payerResponsibility: 'P',
        relationship: '18',
        groupNumber: 'G1',
        filingIndicator: 'CI',
        sex: 'F',
      },
      lines: [{ diagnosisPointers: [1, 2], placeOfService: '11', unitBasis: 'UN' }],
      faults: [],
    });
    expect(claim!.patient).toBeUndefined();
  });

  it('know the bytes they came from', async () => {
    const text = file(
      `${provider}${subscriber.replace('DOE', 'DÖE')}${clm}${line}${clm.replace('A1', 'A2')}${line}`,
    );
    const bytes = bytesOf(text);
    const claims = await claimsOf(text);
    for (const claim of claims) {
      const cut = bytes.subarray(claim.byteOffset, claim.byteOffset + claim.byteLength);
      expect(new TextDecoder().decode(cut)).toBe(clm.replace('A1', claim.claimId) + line);
    }
    expect(claims.map(({ position }) => position)).toEqual([1, 2]);
  });

  it('know where each field stood', async () => {
    const text = file(provider + subscriber + clm.replace(':1*', ':7*') + 'REF*F8*ICN1~' + line);
    const bytes = bytesOf(text);
    const [claim] = await claimsOf(text);
    const at = (field: Parameters<typeof placeOf>[1], length: number): string => {
      const place = placeOf(claim!, field)!;
      return new TextDecoder().decode(bytes.subarray(place.byteOffset, place.byteOffset + length));
    };
    expect(at('claimId', 2)).toBe('A1');
    expect(at('totalChargeCents', 3)).toBe('100');
    expect(at('frequency', 1)).toBe('7');
    expect(at('originalReference', 4)).toBe('ICN1');
    expect(at('diagnoses', 3)).toBe('ABK');
    expect(at('billingProvider.npi', 10)).toBe('1234567893');
    expect(at('billingProvider.taxId', 10)).toBe('12-3456789');
    expect(at('subscriber.memberId', 2)).toBe('M1');
    expect(at('lines.1.procedure', 5)).toBe('99213');
    expect(at('lines.1.chargeCents', 3)).toBe('100');
    expect(at('lines.1.units', 1)).toBe('1');
    expect(at('lines.1.serviceFrom', 8)).toBe('20261101');
    expect(placesOf(claim!)['lines.1.procedure']).toMatchObject({
      loop: '2400',
      segment: 'SV1',
      element: 1,
      component: 2,
    });
    expect(JSON.parse(JSON.stringify(claim))).not.toHaveProperty('segments');
  });

  it('never take a person from another level or set', async () => {
    const dependant = 'HL*3*2*23*0~PAT*19~NM1*QC*1*DOE*SAM~';
    const second = subscriber.replace('HL*2*', 'HL*4*').replace('*M1~', '*M2~');
    const bare = 'HL*5*1*22*0~SBR*P*18~';
    const claims = await claimsOf(
      file(provider + subscriber + dependant + clm + line + second + clm + line + bare + clm + line),
    );
    expect(claims.map(({ patient, subscriber: of }) => [patient?.firstName, of?.memberId])).toEqual([
      ['SAM', 'M1'],
      [undefined, 'M2'],
      [undefined, undefined],
    ]);
    expect(codes(claims[2])).toEqual(['subscriber.missing', 'payer.missing']);
  });

  it('start again in every transaction set', async () => {
    const sets = [provider + subscriber + clm + line, subscriber + clm + line];
    const claims = await claimsOf(sets.map((set, index) => setOf(set, index + 1)).join(''), true);
    expect(codes(claims[0])).toEqual([]);
    expect(claims[1]!.billingProvider).toBeUndefined();
    expect(codes(claims[1])).toContain('hierarchy.claim-outside');
  });

  it('keep providers of the claim and members of other payers apart from their own', async () => {
    const inside =
      'REF*D9*TRACE~NM1*82*1*WHO*A****XX*1999996666~REF*EI*999999999~N3*ELSEWHERE~NM1*85*2*OTHER*****XX*1111111111~' +
      'SBR*S*01*******12~AMT*D*39.15~NM1*IL*1*ELSE*ANN****MI*OTHER1~REF*F8*NOTOURS~NM1*PR*2*FIRST PLAN*****PI*P9~';
    const after = 'NM1*82*1*LINE*B****XX*1888886666~SVD*P9*40*HC:99213**1~DTP*573*D8*20261102~';
    const [claim] = await claimsOf(file(provider + subscriber + clm + inside + line + after));
    expect(claim).toMatchObject({
      billingProvider: { npi: '1234567893', taxId: '123456789', address: { line1: '1 MAIN' } },
      subscriber: { memberId: 'M1' },
      payer: { name: 'PLAN', id: 'P1' },
      clearinghouseTrace: 'TRACE',
      renderingNpi: '1999996666',
      otherPayers: [{ payerResponsibility: 'S', name: 'FIRST PLAN', id: 'P9', paidCents: 39_15 }],
      lines: [{ renderingNpi: '1888886666', serviceFrom: '2026-11-01' }],
    });
    expect(claim!.originalReference).toBeUndefined();
    expect(claim!.faults).toEqual([]);
  });

  it.each<[string, (text: string) => string, string, object]>([
    ['no CLM01', (text) => text.replace('CLM*A1', 'CLM*'), 'claim.id-missing', { element: 1, loop: '2300' }],
    ['CLM02', (text) => text.replace('CLM*A1*100', 'CLM*A1*1O0'), 'claim.charge', { element: 2 }],
    ['a negative CLM02', (text) => text.replace('CLM*A1*100', 'CLM*A1*-1'), 'claim.charge', { element: 2 }],
    ['no CLM05-1', (text) => text.replace('11:B:1', ':B:1'), 'claim.facility', { element: 5, component: 1 }],
    ['no CLM05-3', (text) => text.replace('11:B:1', '11:B'), 'claim.frequency', { element: 5, component: 3 }],
    [
      'a void without F8',
      (text) => text.replace('11:B:1', '11:B:8'),
      'claim.original-reference',
      { element: 5 },
    ],
    ['HI01-2', (text) => text.replace('ABK:J020', 'ABK'), 'claim.diagnosis', { segment: 'HI', element: 1 }],
    [
      'other components',
      (text) => text.replace('HC:99213:25', 'HC>99213'),
      'line.procedure',
      { segment: 'SV1', loop: '2400' },
    ],
    ['SV102', (text) => text.replace('25*100*', '25*ten*'), 'line.charge', { segment: 'SV1', element: 2 }],
    ['SV104', (text) => text.replace('UN*1*', 'UN*one*'), 'line.units', { segment: 'SV1', element: 4 }],
    [
      'a day that is none',
      (text) => text.replace('20261101', '20261131'),
      'line.date',
      { segment: 'DTP', element: 3 },
    ],
    [
      'days backwards',
      (text) => text.replace('D8*20261101', 'RD8*20261103-20261101'),
      'line.date',
      { segment: 'DTP' },
    ],
    ['no day', (text) => text.replace('DTP*472*D8*20261101~', ''), 'line.date-missing', { segment: 'LX' }],
    ['no SV1', (text) => text.replace(/SV1[^~]*~/, ''), 'line.service-missing', { segment: 'LX' }],
    ['SV2 for SV1', (text) => text.replace('SV1*', 'SV2*'), 'line.service-missing', { segment: 'SV2' }],
    ['no lines', (text) => text.replace(line, ''), 'claim.lines-missing', { segment: 'CLM' }],
    [
      'no NPI',
      (text) => text.replace('*XX*1234567893', ''),
      'billing-provider.npi-missing',
      { loop: '2010AA', element: 9 },
    ],
    [
      'no tax id',
      (text) => text.replace(/REF\*EI[^~]*~/, ''),
      'billing-provider.tax-id-missing',
      { loop: '2010AA' },
    ],
    [
      'no member id',
      (text) => text.replace('*MI*M1', ''),
      'subscriber.member-id-missing',
      { loop: '2010BA' },
    ],
    [
      'another parent',
      (text) => text.replace('HL*2*1*', 'HL*2*9*'),
      'hierarchy.parent',
      { segment: 'HL', element: 2 },
    ],
    [
      'a strange segment',
      (text) => text.replace('LX*1', 'XY9*A~LX*1'),
      'segment.unknown',
      { severity: 'warn' },
    ],
  ])('have a located fault for %s, and the next claim none of it', async (_, spoil, code, expected) => {
    const text = file(
      spoil(provider + subscriber + clm + line) +
        provider.replace('HL*1', 'HL*3') +
        subscriber.replace('HL*2*1', 'HL*4*3') +
        clm +
        line,
    );
    const claims = await claimsOf(text);
    expect(claims).toHaveLength(2);
    expect(claims[0]!.faults.find((fault) => fault.code === code)).toMatchObject(expected);
    expect(claims[1]!.faults).toEqual([]);
  });

  it('know the days of an institutional claim', async () => {
    const body =
      'CLM*A1*100***13:A:1**A*Y*Y~DTP*434*RD8*20261101-20261105~DTP*435*DT*202611010930~DTP*096*TM*1400~CL1*3*1*01~' +
      'HI*ABK:J020~HI*BH:A1:D8:20261101~LX*1~SV2*0510*HC:99213*100*UN*1~';
    const text = file(provider + subscriber + body).replaceAll('X222A1', 'X223A2');
    const [claim] = await claimsOf(text);
    expect(claim).toMatchObject({
      type: '837I',
      statementFrom: '2026-11-01',
      statementTo: '2026-11-05',
      admissionDate: '2026-11-01',
      dischargeHour: '1400',
      serviceFrom: '2026-11-01',
      serviceTo: '2026-11-05',
      diagnoses: [{ qualifier: 'ABK', code: 'J020' }],
      lines: [{ revenueCode: '0510', procedure: '99213', chargeCents: 100_00 }],
      faults: [],
    });
  });

  it('do not mind a wrong HL04 or a level without claims', async () => {
    const empty = 'HL*2*1*22*0~';
    const own = subscriber.replace('HL*2*1*22*0', 'HL*3*1*22*1');
    const claims = await claimsOf(file(provider + empty + own + clm + line));
    expect(claims.map(codes)).toEqual([[]]);
  });

  it('reads many lines, notes more than fifty and refuses more than 999', async () => {
    const [fifty] = await claimsOf(file(provider + subscriber + clm + line.repeat(51)));
    expect([fifty!.lines.length, codes(fifty)]).toEqual([51, ['claim.lines-advised']]);
    const [thousand] = await claimsOf(file(provider + subscriber + clm + line.repeat(1000)));
    expect([thousand!.lines.length, codes(thousand)]).toEqual([
      999,
      ['claim.lines-advised', 'claim.lines-max'],
    ]);
  });

  it('tell where each interchange begins', async () => {
    const one = file(provider + subscriber + clm + line);
    const text = `${one}\r\n${one.replaceAll('000000007', '000000008')}`;
    const events = await all(readClaims(sourceOf(text)));
    expect(events.filter(({ kind }) => kind === 'interchange')).toMatchObject([
      { controlNumber: '000000007', byteOffset: 0 },
      { controlNumber: '000000008', byteOffset: one.length + 2 },
    ]);
  });

  it('does not trust a claim that the file was cut in', async () => {
    const text = file(provider + subscriber + clm + line);
    const events = await all(readClaims(sourceOf(text.slice(0, text.indexOf('REF*6R')))));
    const claims = events.flatMap((event) => (event.kind === 'claim' ? [event.claim] : []));
    expect(codes(claims[0])).toEqual(['claim.truncated']);
    expect(events.at(-2)).toMatchObject({
      kind: 'problem',
      problem: { code: 'file.premature-end' },
      severity: 'reject-file',
    });
    expect(events.at(-1)).toMatchObject({ kind: 'end', claims: 1 });
  });

  it('never repeats a person in a message', async () => {
    const spoiled = file(provider + subscriber.replace('*MI*M1', '') + clm.replace('*100*', '*x*') + line);
    const text = JSON.stringify((await claimsOf(spoiled)).flatMap(({ faults }) => faults));
    expect(text).not.toMatch(/DOE|JO\b|1980/);
  });
});

const setOf = (body: string, number = 1): string => {
  const control = String(number).padStart(4, '0');
  const count = body.split('~').length + 2;
  return `ST*837*${control}*005010X222A1~BHT*0019*00*B1*20261122*0130*CH~${body}SE*${count}*${control}~`;
};

function file(body: string, isWhole = false): string {
  const sets = isWhole ? body : setOf(body);
  const count = sets.split('ST*837').length - 1;
  return `${isaOf(marks)}GS*HC*S*R*20261122*0130*5*X*005010X222A1~${sets}GE*${count}*5~IEA*1*000000007~`;
}

async function claimsOf(text: string, isWhole = false): Promise<Claim837[]> {
  const events: ClaimEvent[] = await all(readClaims(sourceOf(isWhole ? file(text, true) : text)));
  expect(events.filter(({ kind }) => kind === 'problem')).toEqual([]);
  return events.flatMap((event) => (event.kind === 'claim' ? [event.claim] : []));
}

const codes = (claim: Claim837 | undefined): readonly string[] => claim?.faults.map(({ code }) => code) ?? [];
