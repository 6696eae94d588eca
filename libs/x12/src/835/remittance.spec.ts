import { describe, expect, it } from '@jest/globals';
import { cents, plainDate, type PlainDate } from '@remitflow/kernel';
import fc from 'fast-check';
import { all, sourceOf } from '../testing/fixtures.ts';
import type { OutgoingEnvelope } from '../writing/interchange-writer.ts';
import { readRemittances, type RemittanceEvent } from './read-remittances.ts';
import type { Adjustment, RemittanceAdvice } from './remittance.ts';
import { reversalOf, settleClaim, settleRemittance, type ClaimDraft, type LineDraft } from './settle.ts';
import { streamRemittance, writeRemittance } from './write-remittance.ts';

describe('an 835', () => {
  it('is read back as it was written, whatever was adjudicated', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(aClaim, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (claims, isReversed) => {
          const settled = claims.map(settleClaim);
          const all = isReversed ? [reversalOf(settled[0]!), ...settled, settled[0]!] : settled;
          const advice = settleRemittance({ ...draft, claims: all });
          if (advice.amountCents < 0) return;
          const written = { ...advice, ...(advice.amountCents === 0 && { method: 'NON' }) };
          const { advice: found, balance, problems } = await read(text(written));
          expect(problems).toEqual([]);
          expect(balance).toEqual([]);
          const accounts =
            advice.amountCents === 0 ? { payerAccount: undefined, payeeAccount: undefined } : {};
          expect(plain(found)).toEqual(plain({ ...written, ...accounts }));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is the same when its claims come one by one, and is refused when they do not come to it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(aClaim, { maxLength: 4 }),
        fc.constantFrom(0, 1, -1),
        async (drafts, wrong) => {
          const advice = settleRemittance({ ...draft, claims: drafts.map(settleClaim) });
          if (advice.amountCents < 0) return;
          if (wrong === 0) return expect(await streamed(advice)).toBe(text(advice));
          const claimed = { ...advice, amountCents: cents(advice.amountCents + wrong) };
          await expect(streamed(claimed)).rejects.toThrow('remittance.unbalanced');
        },
      ),
    );
    await expect(streamed(changed(anAdvice(), { paidCents: cents(1) }))).rejects.toThrow('claim-balance');
  });

  it('asks for a claim only when the one before it has been taken as a piece', async () => {
    const claim = anAdvice().claims[0]!;
    const asked: string[] = [];
    const claims = (function* () {
      for (const claimId of ['A1', 'A2', 'A3']) {
        asked.push(claimId);
        yield { ...claim, claimId };
      }
    })();
    const amountCents = cents(3 * claim.paidCents);
    const advice = { ...anAdvice(), amountCents, providerAdjustments: [], claims };
    for await (const piece of streamRemittance(advice, envelope)) {
      const [, claimId] = /CLP\*(\w+)/.exec(piece) ?? [];
      if (claimId) expect(claimId).toBe(asked.at(-1));
    }
    expect(asked).toEqual(['A1', 'A2', 'A3']);
  });

  it('holds what the CCD+ and the guide want', () => {
    const segments = text(anAdvice()).split('~');
    expect(segments[0]).toHaveLength(105);
    expect(segments[1]).toBe('GS*HP*PAYER*PAYEE*20261122*0130*9*X*005010X221A1');
    expect(segments[2]).toBe('ST*835*0001');
    expect(segments[3]).toBe(
      'BPR*I*80*C*ACH*CCP*01*021000021*DA*000123*1987654321**01*011000015*DA*XXXX6789*20261124',
    );
    expect(segments[4]).toBe('TRN*1*TRACE1*1987654321');
    expect(segments[5]).toBe('DTM*405*20261122');
    expect(segments.slice(6, 14)).toEqual([
      'N1*PR*THE PLAN',
      'N3*1 PLAZA',
      'N4*DENVER*CO*80202',
      'PER*BL*CALL CENTER*TE*5550100100',
      'N1*PE*NORTH CLINIC*XX*1234567893',
      'REF*TJ*123456789',
      'LX*1',
      'CLP*A-1*1*100*80**12*ICN1*11*1',
    ]);
    const st = segments.findIndex((segment) => segment.startsWith('ST*'));
    const se = segments.findIndex((segment) => segment.startsWith('SE*'));
    expect(segments[se]).toBe(`SE*${se - st + 1}*0001`);
    expect(segments.slice(se + 1)).toEqual(['GE*1*9', 'IEA*1*000000009', '']);
  });

  it('pays nothing without an account, by H and NON', () => {
    const claims = [
      settleClaim({ ...aDraft, status: '4', lines: [{ ...aLine, adjustments: [adjusted(100_00)] }] }),
    ];
    const advice = settleRemittance({ ...draft, claims, payeeAccount: undefined, payerAccount: undefined });
    expect(text(advice)).toContain('BPR*H*0*C*NON************20261124~TRN*');
  });

  it('shows the patient what is his, but not on a reversal', () => {
    const claim = settleClaim({
      ...aDraft,
      lines: [{ ...aLine, adjustments: [adjusted(30_00, 'PR', '1')] }],
    });
    expect(claim.patientResponsibilityCents).toBe(30_00);
    const again = { ...claim, claimId: 'A-2' };
    const written = text(settleRemittance({ ...draft, claims: [reversalOf(claim), claim, again] }));
    expect(written).toContain('CLP*A-1*22*-100*-70**12');
    expect(written).toContain('CAS*PR*1*-30~');
    expect(written).toContain('CLP*A-1*1*100*70*30*12');
  });

  it('puts six reasons in a segment and the rest in the next', () => {
    const adjustments = Array.from({ length: 8 }, (_, place) =>
      adjusted(place + 1, 'CO', String(place + 10)),
    );
    const written = text(anAdvice({ adjustments }));
    expect(written).toContain('CAS*CO*10*.01**'.replace('.01', '0.01'));
    expect(written.match(/CAS\*CO/g)).toHaveLength(2);
    expect(written).toContain('~CAS*CO*16*0.07**17*0.08~');
  });

  it('takes recoveries off and puts interest on', async () => {
    const providerAdjustments = [
      { reason: 'WO', reference: 'ICN0', amountCents: cents(30_00) },
      { reason: 'L6', amountCents: cents(-1_25) },
    ];
    const advice = settleRemittance({ ...draft, claims: [settleClaim(aDraft)], providerAdjustments });
    expect(advice.amountCents).toBe(51_25);
    expect(text(advice)).toContain('PLB*1234567893*20261231*WO:ICN0*30*L6*-1.25~');
    expect((await read(text(advice))).balance).toEqual([]);
  });

  it('may hold a provider adjustment and no claim', async () => {
    const providerAdjustments = [{ reason: 'L6', amountCents: cents(-1_25) }];
    const advice = settleRemittance({ ...draft, providerAdjustments });
    expect(text(advice)).not.toMatch(/~LX|~CLP/);
    expect(await read(text(advice))).toMatchObject({
      balance: [],
      advice: { amountCents: 1_25, claims: [] },
    });
  });

  it.each<[string, (advice: RemittanceAdvice) => RemittanceAdvice]>([
    ['a line', (advice) => changed(advice, { lines: [{ ...aLine, paidCents: cents(81_00) }] })],
    ['a claim', (advice) => changed(advice, { paidCents: cents(81_00) })],
    ['a charge', (advice) => changed(advice, { chargeCents: cents(101_00), paidCents: cents(81_00) })],
    ['the same adjustment twice', (advice) => changed(advice, { adjustments: [adjusted(0)] })],
    ['the payment', (advice) => ({ ...advice, amountCents: cents(81_00) })],
    [
      'a negative payment',
      (advice) => ({ ...settleRemittance({ ...advice, claims: advice.claims.map(reversalOf) }) }),
    ],
  ])('is not written when %s does not add up', (_, spoil) => {
    expect(() => text(spoil(anAdvice()))).toThrow('remittance.unbalanced');
  });

  it.each<[string, Partial<RemittanceAdvice>]>([
    ['payer.contact', { payer: { name: 'X', address: { line1: 'A' } } }],
    ['payer.address', { payer: { name: 'X', contact: { name: 'A', phone: '1' } } }],
    ['payeeAccount', { payeeAccount: undefined }],
    ['payerTaxId', { payerTaxId: '12' }],
    ['payee.taxId', { payee: { name: 'X' } }],
    ['traceNumber', { traceNumber: '' }],
  ])('is not written without %s', (field, changes) => {
    expect(() => text({ ...anAdvice(), ...changes })).toThrow(`remittance.incomplete (field=${field})`);
  });

  it('refuses an id with a delimiter and cleans a name', () => {
    expect(() => text(changed(anAdvice(), { claimId: 'A~1' }))).toThrow('x12.delimiter-in-text');
    const advice = changed(anAdvice(), { patient: { name: 'Nuñez*O’Neil', firstName: 'José:' } });
    expect(text(advice)).toContain('NM1*QC*1*NUNEZ O NEIL*JOSE~');
  });

  it('that does not balance is read, and explained line by line', async () => {
    const spoiled = text(anAdvice())
      .replace('SVC*HC:99213:25*100*80', 'SVC*HC:99213:25*100*70')
      .replace('BPR*I*80', 'BPR*I*60');
    const { balance } = await read(spoiled);
    expect(balance).toMatchObject([
      { code: 'line-balance', claim: 1, claimId: 'A-1', line: 1, statedCents: 70_00, computedCents: 80_00 },
      { code: 'payment-balance', statedCents: 60_00, computedCents: 80_00 },
    ]);
  });
});

const adjusted = (amount: number, group: Adjustment['group'] = 'CO', reason = '45'): Adjustment => ({
  group,
  reason,
  amountCents: cents(amount),
});

const aLine = {
  procedureQualifier: 'HC',
  procedure: '99213',
  modifiers: ['25'],
  chargeCents: cents(100_00),
  paidCents: cents(80_00),
  unitsPaid: '1',
  serviceFrom: plainDate('2026-11-01'),
  serviceTo: plainDate('2026-11-01'),
  adjustments: [adjusted(20_00)],
  lineControl: 'L1',
};

const aDraft: ClaimDraft = {
  claimId: 'A-1',
  status: '1',
  filingIndicator: '12',
  payerClaimControlNumber: 'ICN1',
  facilityCode: '11',
  frequency: '1',
  adjustments: [],
  lines: [aLine],
};

const draft = {
  method: 'ACH',
  effectiveDate: plainDate('2026-11-24'),
  traceNumber: 'TRACE1',
  payerTaxId: '987654321',
  payerAccount: { routing: '021000021', account: '000123' },
  payeeAccount: { routing: '011000015', account: 'XXXX6789', accountType: 'checking' as const },
  productionDate: plainDate('2026-11-22'),
  payer: {
    name: 'THE PLAN',
    address: { line1: '1 PLAZA', city: 'DENVER', state: 'CO', zip: '80202' },
    contact: { name: 'CALL CENTER', phone: '5550100100' },
  },
  payee: { name: 'NORTH CLINIC', npi: '1234567893', taxId: '123456789' },
  claims: [],
  providerAdjustments: [],
};

const envelope: OutgoingEnvelope = {
  senderQualifier: 'ZZ',
  senderId: 'PAYER',
  receiverQualifier: 'ZZ',
  receiverId: 'PAYEE',
  date: plainDate('2026-11-22'),
  time: '0130',
  interchangeControlNumber: 9,
  usage: 'T',
};

const anAdvice = (line: Partial<LineDraft> = {}): RemittanceAdvice =>
  settleRemittance({ ...draft, claims: [settleClaim({ ...aDraft, lines: [{ ...aLine, ...line }] })] });

const changed = (
  advice: RemittanceAdvice,
  claim: Partial<RemittanceAdvice['claims'][number]>,
): RemittanceAdvice => ({
  ...advice,
  claims: advice.claims.map((one) => ({ ...one, ...claim })),
});

const text = (advice: RemittanceAdvice): string => [...writeRemittance(advice, envelope)].join('');

const streamed = async (advice: RemittanceAdvice): Promise<string> => {
  const claims = (async function* () {
    yield* advice.claims;
  })();
  return (await all(streamRemittance({ ...advice, claims }, envelope))).join('');
};

const plain = (advice: RemittanceAdvice): unknown => JSON.parse(JSON.stringify(advice));

async function read(content: string): Promise<Extract<RemittanceEvent, { kind: 'remittance' }>> {
  const events = await all(readRemittances(sourceOf(content)));
  expect(events.map(({ kind }) => kind)).toEqual(['remittance', 'end']);
  return events[0] as Extract<RemittanceEvent, { kind: 'remittance' }>;
}

const aDay: fc.Arbitrary<PlainDate> = fc
  .integer({ min: 1, max: 28 })
  .map((day) => plainDate(`2026-10-${String(day).padStart(2, '0')}`));
const aCode = fc.stringMatching(/^[A-Z0-9]{1,8}$/);
const adjustmentsOf = (reasons: readonly string[]): fc.Arbitrary<Adjustment[]> =>
  fc
    .uniqueArray(
      fc.record({
        group: fc.constantFrom('CO', 'PR', 'OA', 'PI'),
        reason: fc.constantFrom(...reasons),
        amountCents: fc
          .integer({ min: -500_00, max: 500_00 })
          .filter((amount) => amount !== 0)
          .map(cents),
      }),
      { selector: ({ group, reason }) => group + reason, maxLength: 9 },
    )
    .map((found) => found.sort((a, b) => (a.group < b.group ? -1 : a.group > b.group ? 1 : 0)));

const lineDraft: fc.Arbitrary<LineDraft> = fc.record({
  procedureQualifier: fc.constant('HC'),
  procedure: aCode,
  modifiers: fc.array(fc.stringMatching(/^[A-Z0-9]{2}$/), { maxLength: 4 }),
  chargeCents: fc.integer({ min: 0, max: 1_000_000_00 }).map(cents),
  unitsPaid: fc.constantFrom('1', '2.5'),
  serviceFrom: fc.constant(plainDate('2026-10-01')),
  serviceTo: aDay,
  adjustments: adjustmentsOf(['45', '97', '1', '2', '3', '253']),
  lineControl: aCode,
  allowedCents: fc.integer({ min: 0, max: 100_00 }).map(cents),
});

const aClaim: fc.Arbitrary<ClaimDraft> = fc.record({
  claimId: fc.stringMatching(/^[A-Za-z0-9 .-]{1,38}$/),
  status: fc.constantFrom('1', '4'),
  filingIndicator: fc.constant('12'),
  payerClaimControlNumber: aCode,
  facilityCode: fc.constant('11'),
  frequency: fc.constantFrom('1', '7'),
  adjustments: adjustmentsOf(['94', '23']),
  patient: fc.record({ name: aCode, firstName: aCode, memberId: aCode }),
  serviceFrom: aDay,
  receivedDate: aDay,
  lines: fc.array(lineDraft, { minLength: 1, maxLength: 4 }),
});
