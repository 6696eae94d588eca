import { describe, expect, it } from '@jest/globals';
import { cents, plainDate } from '@remitflow/kernel';
import {
  balanceProblems,
  claimProblems,
  readRemittances,
  reversalOf,
  streamRemittance,
  type ClaimPayment,
  type RemittanceAdvice,
} from '@remitflow/x12';
import fc from 'fast-check';
import { adviceOf, delimitersFor, envelopeOf, type AdviceParts } from './advice.ts';
import { claimPaymentOf, type DecidedClaim } from './claim-payment.ts';
import { ClaimPlaces } from './claim-places.ts';
import type { RemittanceKind } from './remittance.ts';

const line = fc
  .record({
    charge: fc.integer({ min: 0, max: 9_999_999 }),
    shares: fc.array(
      fc.record({
        group: fc.constantFrom('CO', 'PR', 'OA', 'PI'),
        reason: fc.constantFrom('45', '1', '2', '96', '253'),
        part: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 9 },
    ),
    procedure: fc.option(fc.constantFrom('99213', 'J1100'), { nil: undefined }),
  })
  .map(({ charge, shares, procedure }) => {
    let left = charge;
    const adjustments = shares.map(({ group, reason, part }) => {
      const amountCents = Math.floor(left * part);
      left -= amountCents;
      return { group, reason, amountCents };
    });
    const dates = { serviceFrom: '2026-11-02', serviceTo: '2026-11-02' };
    return {
      ...dates,
      procedure,
      modifiers: [],
      units: '1',
      chargeCents: charge,
      paidCents: left,
      adjustments,
    };
  });

const claim = fc
  .record({
    requestId: fc.uuid(),
    claimId: fc.stringMatching(/^[A-Z0-9*:~^|>-]{1,80}$/),
    lines: fc.array(line, { minLength: 1, maxLength: 4 }),
    patient: fc.option(fc.constant({ lastName: 'Ng', firstName: 'Li' }), { nil: undefined }),
  })
  .map((drawn): DecidedClaim => ({
    ...drawn,
    frequency: '1',
    subscriber: { memberId: 'M1', lastName: 'Doe' },
    serviceFrom: '2026-11-02',
    serviceTo: '2026-11-02',
    receivedOn: '2026-11-20',
    billedCents: drawn.lines.reduce((sum, { chargeCents }) => sum + chargeCents, 0),
    paidCents: drawn.lines.reduce((sum, { paidCents }) => sum + paidCents, 0),
    lines: drawn.lines as DecidedClaim['lines'],
  }));

const asPaid = (decided: DecidedClaim) => claimPaymentOf(decided, { isDenied: false, filingIndicator: '12' });

function partsOf(kind: RemittanceKind, claims: readonly DecidedClaim[], wrongCents = 0): AdviceParts {
  const amountCents = claims.reduce((sum, { paidCents }) => sum + paidCents, 0) + wrongCents;
  return {
    remittance: {
      remittanceId: 'r',
      kind,
      payeeId: 'p',
      paymentId: 'm',
      cycleId: 'c',
      amountCents,
      effectiveDate: plainDate('2026-11-24'),
      controlNumber: 7,
      issuedAt: new Date('2026-11-23T04:59:00Z'),
      trnReference: 'RF1',
      fileName: 'f.835',
      attempts: 0,
    },
    payer: {
      id: 'REMITFLOW',
      taxId: '841234567',
      account: '1',
      usage: 'P',
      party: {
        name: 'PLAN',
        address: { line1: '1 ST', city: 'DENVER', state: 'CO', zip: '80202' },
        contact: { name: 'X', phone: '8005550100' },
      },
    },
    payee: { payeeId: 'p', npi: '1234567893', taxId: '123456789', name: 'CLINIC', address: null },
    payment: {
      paymentId: 'm',
      trnReference: 'RF1',
      odfiRouting: '091000019',
      routingNumber: '011000015',
      accountType: 'checking',
      lastDigits: '6789',
    },
  };
}

/** With its claims in hand. */
async function whole(parts: AdviceParts, claims: readonly ClaimPayment[]): Promise<RemittanceAdvice> {
  const advice = adviceOf(parts, [claims]);
  const found: ClaimPayment[] = [];
  for await (const claim of advice.claims) found.push(claim);
  return { ...advice, claims: found };
}

const claims = fc.array(claim, { minLength: 1, maxLength: 6 });

describe('an 835 made of decisions', () => {
  it('balances at line, claim and payment, whatever was decided', async () => {
    await fc.assert(
      fc.asyncProperty(claims, async (decided) => {
        const advice = await whole(partsOf('payment', decided), decided.map(asPaid));
        expect(balanceProblems(advice)).toEqual([]);
        expect(advice.claims.flatMap(claimProblems)).toEqual([]);
        expect(advice.claims.map(({ paidCents }) => paidCents)).toEqual(
          decided.map(({ paidCents }) => paidCents),
        );
      }),
    );
  });

  it('takes everything back in a reversal that moves nothing', async () => {
    await fc.assert(
      fc.asyncProperty(claims, async (decided) => {
        const back = decided.map((one) => reversalOf(asPaid(one)));
        const advice = await whole(partsOf('reversal', decided), back);
        expect(advice.amountCents).toBe(0);
        expect(balanceProblems(advice)).toEqual([]);
        expect(advice.method).toBe('NON');
      }),
    );
  });

  it('refuses a payment that its claims do not come to', async () => {
    await fc.assert(
      fc.asyncProperty(claims, fc.constantFrom(-1, 1, 100), async (decided, wrongCents) => {
        const parts = partsOf('payment', decided, wrongCents);
        await expect(whole(parts, decided.map(asPaid))).rejects.toThrow('remittance.amount-differs');
      }),
    );
  });

  it('refuses a claim whose lines do not come to what was decided', () => {
    fc.assert(
      fc.property(claim, (decided) => {
        expect(() => asPaid({ ...decided, paidCents: decided.paidCents + 1 })).toThrow(
          'remittance.claim-differs',
        );
        expect(() => asPaid({ ...decided, billedCents: cents(decided.billedCents + 1) })).toThrow(
          'remittance.claim-differs',
        );
      }),
    );
  });

  it('is read back as it was meant, each claim at the place that was noted', async () => {
    await fc.assert(
      fc.asyncProperty(claims, async (decided) => {
        const parts = partsOf('payment', decided);
        const paid = decided.map(asPaid);
        const delimiters = await delimitersFor([paid]);
        const places = new ClaimPlaces(delimiters);
        let text = '';
        const advice = adviceOf(parts, [paid]);
        for await (const piece of streamRemittance(advice, envelopeOf(parts, delimiters))) {
          places.see(piece);
          text += piece;
        }
        const bytes = Buffer.from(text);
        places.places.forEach(({ byteOffset, segmentOrdinal }, index) => {
          const before = bytes.toString('utf8', 0, byteOffset).split(delimiters.segment);
          expect(before).toHaveLength(segmentOrdinal);
          const clp = bytes.toString('utf8', byteOffset).split(delimiters.element, 2);
          expect(clp).toEqual(['CLP', decided[index]!.claimId.slice(0, 38)]);
        });
        for await (const event of readRemittances(
          (async function* () {
            yield bytes;
          })(),
        )) {
          expect(event.kind).not.toBe('problem');
          if (event.kind !== 'remittance') continue;
          expect(event.balance).toEqual([]);
          expect(event.advice.claims.map(({ claimId, paidCents }) => [claimId, paidCents])).toEqual(
            decided.map(({ claimId, paidCents }) => [claimId.slice(0, 38), paidCents]),
          );
        }
      }),
    );
  });

  it('carries the day and the minute of New York', async () => {
    const parts = partsOf('payment', []);
    expect(adviceOf(parts, []).productionDate).toBe('2026-11-22');
    expect(envelopeOf(parts, await delimitersFor([]))).toMatchObject({ date: '2026-11-22', time: '2359' });
  });
});
