import { describe, expect, it } from '@jest/globals';
import { cents, plainDate, sumCents } from '@remitflow/kernel';
import fc from 'fast-check';
import { denyInFull } from './decided-request.ts';
import { judge, type Verdict } from './judge.ts';
import type { Payee } from './payee.ts';
import { aLine, aPayee, aRequest } from './payment-request.builder.ts';
import type { PaymentRequest } from './payment-request.ts';
import { rulesVersion, ruleTable } from './rule-table.ts';

const receivedOn = plainDate('2026-11-22');
const policy = { reviewOverCents: cents(10_000_00) };
const judged = (change: Partial<PaymentRequest> = {}, payee: Payee | undefined = aPayee()): Verdict =>
  judge(aRequest(change), { receivedOn, payee }, policy);
const rulesBroken = (verdict: Verdict): string[] =>
  verdict.outcome === 'rejected' ? verdict.findings.map(({ ruleId }) => ruleId) : [verdict.outcome];
const withLine = (change: Parameters<typeof aLine>[0]): Partial<PaymentRequest> => ({
  lines: [aLine(change)],
});
const day = plainDate;

describe('a request in order', () => {
  it('is approved and priced', () => {
    const verdict = judged();
    expect(verdict).toMatchObject({ outcome: 'approved', decided: { paidCents: 100_00, rulesVersion } });
  });

  it.each<[string, Partial<PaymentRequest>]>([
    ['no tax id to compare', { billingProvider: { npi: aPayee().npi } }],
    ['a tax id with its dash', { billingProvider: { npi: aPayee().npi, taxId: '12-3456789' } }],
    ['no frequency: an original claim', { frequency: undefined }],
    ['a line without dates: those of the claim', withLine({ serviceFrom: undefined, serviceTo: undefined })],
    ['an interim institutional bill', { kind: '837I', frequency: '3' }],
    [
      'a line that charges nothing beside one that does',
      { lines: [aLine(), aLine({ lineControl: 'L2', chargeCents: cents(0) })] },
    ],
    ['a day received on the day of service', withLine({ serviceFrom: receivedOn, serviceTo: receivedOn })],
  ])('%s', (_, change) => {
    expect(rulesBroken(judged(change))).toEqual(['approved']);
  });

  it('is held over the limit, and not at it', () => {
    const at = { billedCents: cents(10_000_00), ...withLine({ chargeCents: cents(10_000_00) }) };
    const over = { billedCents: cents(10_000_01), ...withLine({ chargeCents: cents(10_000_01) }) };
    expect(judged(at).outcome).toBe('approved');
    expect(judged(over)).toMatchObject({
      outcome: 'held',
      findings: [{ ruleId: 'amount.over-review-limit' }],
    });
  });

  it('is denied when its contract pays nothing, whatever is billed', () => {
    const [contract] = aPayee().contracts;
    const payee = aPayee({ contracts: [{ ...contract!, pricing: { kind: 'percent', basisPoints: 0 } }] });
    const over = { billedCents: cents(10_000_01), ...withLine({ chargeCents: cents(10_000_01) }) };
    expect(judged(over, payee).outcome).toBe('denied');
  });
});

describe('a request with one thing wrong is told that thing', () => {
  const contract = aPayee().contracts[0]!;
  const cases: [ruleId: string, change: Partial<PaymentRequest>, payee?: Payee][] = [
    ['claim.id-missing', { claimId: ' ' }],
    ['claim.id-length', { claimId: 'X'.repeat(21) }],
    ['claim.frequency', { frequency: '5' }],
    ['claim.frequency', { frequency: '2' }],
    ['claim.correction-unsupported', { frequency: '7', originalReference: 'ICN1' }],
    ['member.id-missing', { subscriber: {} }],
    ['npi.check-digit', { billingProvider: {} }],
    ['payee.active', {}, aPayee({ status: 'suspended' })],
    ['payee.tax-id', {}, aPayee({ taxId: '111111111' })],
    ['contract.in-force', {}, aPayee({ contracts: [{ ...contract, effectiveFrom: day('2026-11-03') }] })],
    ['contract.in-force', {}, aPayee({ contracts: [{ ...contract, effectiveTo: day('2026-11-01') }] })],
    ['account.missing', {}, aPayee({ account: undefined })],
    ['account.routing-number', {}, aPayee({ account: { routingNumber: '021000022', status: 'active' } })],
    ['account.active', {}, aPayee({ account: { routingNumber: '021000021', status: 'suspended' } })],
    ['amount.billed-missing', { billedCents: undefined }],
    ['amount.billed-positive', { billedCents: cents(0), ...withLine({ chargeCents: cents(0) }) }],
    ['amount.lines-sum', { billedCents: cents(125_01) }],
    ['line.charge-missing', withLine({ chargeCents: undefined })],
    ['claim.lines-missing', { lines: [] }],
    ['line.procedure-missing', withLine({ procedure: undefined })],
    ['line.units', withLine({ units: '0.0' })],
    ['line.units', withLine({ units: '-1' })],
    ['line.control-repeated', { lines: [aLine(), aLine({ lineNumber: 2, chargeCents: cents(0) })] }],
    [
      'date.service-missing',
      {
        serviceFrom: undefined,
        serviceTo: undefined,
        ...withLine({ serviceFrom: undefined, serviceTo: undefined }),
      },
    ],
    ['date.order', withLine({ serviceFrom: day('2026-11-03') })],
    ['date.future', withLine({ serviceTo: day('2026-11-23') })],
  ];
  it.each(cases.map(([ruleId, change, payee]) => ({ ruleId, change, payee })))(
    '$ruleId',
    ({ ruleId, change, payee }) => {
      expect(rulesBroken(judged(change, payee))).toEqual([ruleId]);
    },
  );

  it('payee.known', () => {
    expect(rulesBroken(judge(aRequest(), { receivedOn, payee: undefined }, policy))).toEqual(['payee.known']);
  });

  it('amount.limit, of the claim and of its line', () => {
    const over = cents(99_999_999_99 + 1);
    expect(rulesBroken(judged({ billedCents: over, ...withLine({ chargeCents: over }) }))).toEqual([
      'amount.limit',
      'amount.limit',
    ]);
  });

  it('date.too-early, which no contract covers either', () => {
    const early = { serviceFrom: day('1999-12-31'), serviceTo: day('1999-12-31') };
    expect(rulesBroken(judged({ ...early, ...withLine(early) }))).toEqual([
      'contract.in-force',
      'date.too-early',
    ]);
  });

  it('date.filing-limit, from the day after eight years on', () => {
    const payee = aPayee({ contracts: [{ ...contract, effectiveFrom: day('2010-01-01') }] });
    const on = (text: string) => {
      const dates = { serviceFrom: day(text), serviceTo: day(text) };
      return rulesBroken(judged({ ...dates, ...withLine(dates) }, payee));
    };
    expect(on('2018-11-22')).toEqual(['approved']);
    expect(on('2018-11-21')).toEqual(['date.filing-limit']);
  });

  it('claim.original-reference, beside that corrections are not taken yet', () => {
    expect(rulesBroken(judged({ frequency: '8' }))).toEqual([
      'claim.original-reference',
      'claim.correction-unsupported',
    ]);
  });
});

describe('all that is wrong at once', () => {
  it('comes in one answer, what could not be read first', () => {
    const faults = [
      { code: 'claim.charge', message: 'The total charge (CLM02) is not an amount.', field: 'billedCents' },
    ];
    const verdict = judged({ claimId: '', billedCents: undefined, faults, subscriber: {} });
    expect(rulesBroken(verdict)).toEqual(['format.claim.charge', 'claim.id-missing', 'member.id-missing']);
  });

  it('does not say again what a reading fault says about the same field', () => {
    const faults = [{ code: 'some.door', message: 'Not a date.', field: 'lines.0.serviceFrom' }];
    const undated = { serviceFrom: undefined, serviceTo: undefined };
    expect(rulesBroken(judged({ ...undated, ...withLine(undated), faults }))).toEqual(['format.some.door']);
  });
});

describe('a decided request', () => {
  it('adds up: lines to the claim, and each line to its charge, also when it is denied in full', () => {
    const charges = fc.array(fc.integer({ min: 1, max: 500_00 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(charges, fc.integer({ min: 1, max: 10_000 }), (amounts, basisPoints) => {
        const lines = amounts.map((amount, place) =>
          aLine({ lineNumber: place + 1, lineControl: `L${place}`, chargeCents: cents(amount) }),
        );
        const billedCents = sumCents(amounts.map(cents));
        const [contract] = aPayee().contracts;
        const payee = aPayee({ contracts: [{ ...contract!, pricing: { kind: 'percent', basisPoints } }] });
        const verdict = judged({ lines, billedCents }, payee);
        if (verdict.outcome === 'rejected') throw new Error('rejected');
        for (const decided of [verdict.decided, denyInFull(verdict.decided)]) {
          const adjusted = sumCents(
            decided.lines.flatMap((line) => line.adjustments.map(({ amountCents }) => amountCents)),
          );
          expect(decided.billedCents - adjusted).toBe(decided.paidCents);
          expect(sumCents(decided.lines.map((line) => line.paidCents))).toBe(decided.paidCents);
        }
      }),
    );
  });

  it('is priced by the contract that began last, of those that cover its days', () => {
    const [first] = aPayee().contracts;
    const contracts = [
      first!,
      { ...first!, contractId: '5b0c2f4e-6a39-4f0e-8e3e-0a8e1f1d0004', effectiveFrom: day('2026-01-01') },
      { ...first!, contractId: '5b0c2f4e-6a39-4f0e-8e3e-0a8e1f1d0005', effectiveFrom: day('2026-11-10') },
    ];
    expect(judged({}, aPayee({ contracts }))).toMatchObject({
      decided: { contractId: '5b0c2f4e-6a39-4f0e-8e3e-0a8e1f1d0004' },
    });
  });
});

describe('the rule table', () => {
  it('has one row for each rule and version, and ids that fit a finding', () => {
    const rows = ruleTable.map(({ id, version }) => `${id}@${version}`);
    expect(new Set(rows).size).toBe(rows.length);
    expect(ruleTable.every(({ id }) => id.length <= 60)).toBe(true);
  });
});
