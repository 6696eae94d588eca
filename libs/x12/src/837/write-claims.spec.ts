import { describe, expect, it } from '@jest/globals';
import { cents, plainDate } from '@remitflow/kernel';
import { readClaims, type ClaimEvent } from '../index.ts';
import type { OutgoingEnvelope } from '../writing/interchange-writer.ts';
import type { ClaimBatch, ClaimToWrite, SubscriberToWrite } from './claim-batch.ts';
import type { Claim837, ClaimType } from './claim.ts';
import { writeClaims } from './write-claims.ts';

describe('claims written', () => {
  it.each(['837P', '837I'] as const)('are read back without a fault: %s', async (type) => {
    const { claims, problems } = await read(
      aBatch({ type, subscribers: [aSubscriber([aClaim({}, type), aClaim({}, type)])] }),
    );
    expect(problems).toEqual([]);
    expect(claims.map((claim) => claim.faults)).toEqual([[], []]);
    expect(claims[0]).toMatchObject({
      type,
      claimId: 'A-1',
      totalChargeCents: 150_25,
      frequency: '1',
      billingProvider: {
        npi: '1234567893',
        taxId: '123456789',
        taxonomy: '207Q00000X',
        name: 'NORTH CLINIC',
      },
      subscriber: { memberId: 'M1', name: 'DOE', birthDate: '1980-02-29', relationship: '18' },
      payer: { name: 'THE PLAN', id: 'PLAN1' },
      serviceFrom: '2026-11-01',
      serviceTo: '2026-11-03',
      lines: [
        { lineNumber: 1, lineControl: 'L1', procedure: '99213', modifiers: ['25'], units: '1' },
        { units: '2.5' },
      ],
    });
  });

  it('cuts a long batch into sets, each with its provider', async () => {
    const subscribers = [1, 2, 3].map(() => aSubscriber([aClaim(), aClaim(), aClaim()]));
    const { claims, problems, sets } = await read({ ...aBatch({ subscribers }), claimsPerTransaction: 4 });
    expect(problems).toEqual([]);
    expect(sets).toBe(3);
    expect(claims.map(({ transactionControlNumber }) => transactionControlNumber)).toEqual([
      ...['0001', '0001', '0001', '0001', '0002', '0002', '0002', '0002', '0003'],
    ]);
    for (const claim of claims) expect(claim.billingProvider?.npi).toBe('1234567893');
  });

  it('puts a dependant under the subscriber', async () => {
    const patient = { entity: 'person', name: 'DOE', firstName: 'SAM', relationship: '19' } as const;
    const { claims } = await read(
      aBatch({ subscribers: [{ ...aSubscriber([aClaim()]), patient }, aSubscriber([aClaim()])] }),
    );
    expect(claims.map((claim) => claim.patient?.firstName)).toEqual(['SAM', undefined]);
    expect(claims.flatMap(({ faults }) => faults)).toEqual([]);
  });

  it('refuses an id that holds a delimiter', () => {
    const batch = aBatch({ subscribers: [aSubscriber([aClaim({ claimId: 'A*1' })])] });
    expect(() => [...writeClaims(batch, envelope)]).toThrow('x12.delimiter-in-text');
  });
});

const envelope: OutgoingEnvelope = {
  senderQualifier: 'ZZ',
  senderId: 'SENDER',
  receiverQualifier: 'ZZ',
  receiverId: 'REMITFLOW',
  date: plainDate('2026-11-22'),
  time: '0130',
  interchangeControlNumber: 7,
  usage: 'T',
  lineBreaks: true,
};

const aClaim = (changes: Partial<ClaimToWrite> = {}, type: ClaimType = '837P'): ClaimToWrite => ({
  claimId: 'A-1',
  diagnoses: [
    { qualifier: 'ABK', code: 'J020' },
    { qualifier: 'ABF', code: 'R05' },
  ],
  lines: [
    {
      procedure: '99213',
      modifiers: ['25'],
      chargeCents: cents(100_00),
      serviceFrom: plainDate('2026-11-01'),
      lineControl: 'L1',
      ...(type === '837I' && { revenueCode: '0510' }),
    },
    {
      procedure: '87880',
      chargeCents: cents(50_25),
      units: '2.5',
      serviceFrom: plainDate('2026-11-02'),
      serviceTo: plainDate('2026-11-03'),
      ...(type === '837I' && { revenueCode: '0300' }),
    },
  ],
  ...changes,
});

const aSubscriber = (claims: readonly ClaimToWrite[]): SubscriberToWrite => ({
  subscriber: {
    entity: 'person',
    name: 'Doe',
    firstName: 'Jo',
    memberId: 'M1',
    birthDate: plainDate('1980-02-29'),
    sex: 'F',
  },
  payer: { name: 'The Plan', id: 'PLAN1' },
  claims,
});

const aBatch = (of: { type?: ClaimType; subscribers: readonly SubscriberToWrite[] }): ClaimBatch => ({
  type: of.type ?? '837P',
  batchReference: 'B1',
  submitter: { name: 'Biller', id: 'SENDER', contact: { name: 'Ann', phone: '555-010-0100' } },
  receiver: { name: 'Remitflow', id: 'REMITFLOW' },
  providers: [
    {
      provider: {
        entity: 'organization',
        name: 'North Clinic',
        npi: '1234567893',
        taxId: '123456789',
        taxonomy: '207Q00000X',
        address: { line1: '1 Main St', city: 'Austin', state: 'TX', zip: '787010000' },
      },
      subscribers: of.subscribers,
    },
  ],
});

async function read(batch: ClaimBatch): Promise<{ claims: Claim837[]; problems: unknown[]; sets: number }> {
  const events: ClaimEvent[] = [];
  const source = (async function* () {
    for (const piece of writeClaims(batch, envelope)) yield new TextEncoder().encode(piece);
  })();
  for await (const event of readClaims(source)) events.push(event);
  return {
    claims: events.flatMap((event) => (event.kind === 'claim' ? [event.claim] : [])),
    problems: events.flatMap((event) => (event.kind === 'problem' ? [event.problem] : [])),
    sets: events.filter(({ kind }) => kind === 'transaction').length,
  };
}
