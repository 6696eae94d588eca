import { describe, expect, it } from '@jest/globals';
import type { ServiceName } from '@remitflow/kernel';
import fc from 'fast-check';
import { defineFact, upcastFrom, type FactContract } from './define-fact.ts';
import { Amount, Code, Count, Id } from './fields.ts';
import { formsOf } from './forms.ts';
import { findFact } from './registry.ts';
import { factsUnderstoodBy, receiversOf, understandAmong } from './understand.ts';

/** A fee that was said in dollars, then in cents, then in cents with a currency. */
class FeeV1 {
  @Id() feeId: string;
  @Count(0, 1000) dollars: number;
}
class FeeV2 {
  @Id() feeId: string;
  @Amount() amountCents: number;
}
class FeeV3 {
  @Id() feeId: string;
  @Amount() amountCents: number;
  @Code(/^[A-Z]{3}$/) currency: string;
}

type Hearers = { v1?: readonly ServiceName[]; v2?: readonly ServiceName[]; v3?: readonly ServiceName[] };

function fees({ v1 = [], v2 = [], v3 = [] }: Hearers, saidBy: readonly ServiceName[] = ['payout']) {
  const subject = ({ feeId }: { feeId: string }): string => feeId;
  const type = 'fees.charged';
  const first = defineFact<FeeV1>({ type, major: 1, body: FeeV1, saidBy, heardBy: v1, subject });
  const second = defineFact<FeeV2>({
    type,
    major: 2,
    body: FeeV2,
    saidBy,
    heardBy: v2,
    subject,
    upcast: upcastFrom(first, {
      up: ({ feeId, dollars }: FeeV1): FeeV2 => ({ feeId, amountCents: dollars * 100 }),
      down: ({ feeId, amountCents }: FeeV2): FeeV1 => ({ feeId, dollars: Math.floor(amountCents / 100) }),
    }),
  });
  const third = defineFact<FeeV3>({
    type,
    major: 3,
    body: FeeV3,
    saidBy,
    heardBy: v3,
    subject,
    upcast: upcastFrom(second, {
      up: (older: FeeV2): FeeV3 => ({ ...older, currency: 'USD' }),
      down: ({ feeId, amountCents }: FeeV3): FeeV2 => ({ feeId, amountCents }),
    }),
  });
  return { first, second, third, all: [first, second, third] as readonly FactContract[] };
}

const feeId = '6f0d2d3c-5d0b-4c1e-9a52-0f5a3f6f7a10';
const understood = (known: readonly FactContract[], type: string, body: unknown) =>
  understandAmong(known, { service: 'remittance', type, body });

describe('understanding a message', () => {
  it('takes the major that the service hears as it is', () => {
    const { all, first } = fees({ v1: ['remittance'] });
    const body = { feeId, dollars: 3, added: 'by a newer speaker' };
    expect(understood(all, 'fees.charged.v1', body)).toEqual({ contract: first, body });
  });

  it('brings one that was said in an older major up to the one that the service hears', () => {
    const { all, third } = fees({ v3: ['remittance'] });
    const amount = { feeId, amountCents: 300 };
    expect(understood(all, 'fees.charged.v1', { feeId, dollars: 3 })).toEqual({
      contract: third,
      body: { ...amount, currency: 'USD' },
    });
    const moved = fees({ v2: ['remittance'] });
    expect(understood(moved.all, 'fees.charged.v1', { feeId, dollars: 3 })).toEqual({
      contract: moved.second,
      body: amount,
    });
  });

  it('leaves each service at its own major', () => {
    const { all } = fees({ v1: ['validation'], v2: ['remittance'], v3: ['intake'] });
    const heardAs = (service: ServiceName) =>
      understandAmong(all, { service, type: 'fees.charged.v1', body: { feeId, dollars: 3 } }).contract.name;
    expect((['validation', 'remittance', 'intake'] as const).map(heardAs)).toEqual([
      'fees.charged.v1',
      'fees.charged.v2',
      'fees.charged.v3',
    ]);
  });

  it.each([
    ['a fact that nobody knows', 'fees.waived.v1', fees({ v1: ['remittance'] }).all],
    ['a major that is not there yet', 'fees.charged.v4', fees({ v3: ['remittance'] }).all],
    ['a later major than the service hears', 'fees.charged.v2', fees({ v1: ['remittance'] }).all],
    ['what the service does not hear in any major', 'fees.charged.v1', fees({ v2: ['intake'] }).all],
  ])('does not support %s', (_, type, known) => {
    expect(() => understood(known, type, { feeId, amountCents: 1, dollars: 1 })).toThrow(
      expect.objectContaining({ code: 'message.unsupported-fact' }),
    );
  });

  it('refuses a body that breaks the contract that it was said in, naming the member', () => {
    const { all } = fees({ v3: ['remittance'] });
    expect(() => understood(all, 'fees.charged.v1', { feeId, dollars: 1001 })).toThrow(
      expect.objectContaining({
        code: 'contract.broken',
        facts: { fact: 'fees.charged.v1', at: 'dollars:max' },
      }),
    );
  });

  it('refuses an upcast that throws, or makes what the next contract does not allow', () => {
    const saidAs = { type: 'fees.charged', saidBy: ['payout'], subject: () => '' } as const;
    const first = defineFact({ ...saidAs, major: 1, body: FeeV1, heardBy: [] });
    const becoming = (up: (older: FeeV1) => FeeV2) =>
      defineFact({
        ...saidAs,
        major: 2,
        body: FeeV2,
        heardBy: ['remittance'],
        upcast: upcastFrom(first, { up }),
      });
    const negative = becoming((older) => ({ feeId: older.feeId, amountCents: -older.dollars }));
    const failing = becoming(() => {
      throw new Error('of a name that must not be told');
    });
    const body = { feeId, dollars: 1 };
    expect(() => understood([first, negative], 'fees.charged.v1', body)).toThrow('amountCents:min');
    expect(() => understood([first, failing], 'fees.charged.v1', body)).toThrow(
      expect.objectContaining({ code: 'contract.broken', facts: { fact: 'fees.charged.v2', at: 'upcast' } }),
    );
  });

  it('finds its way, or says why not, whatever comes and whoever hears', () => {
    const someone = fc.subarray<ServiceName>(['validation', 'remittance', 'audit']);
    const anyBody = fc.oneof(
      fc.record({ feeId: fc.uuid(), dollars: fc.integer({ min: 0, max: 1000 }) }),
      fc.record({ feeId: fc.uuid(), amountCents: fc.integer({ min: -1 }), currency: fc.string() }),
      fc.anything(),
    );
    const type = fc.constantFrom('fees.charged.v1', 'fees.charged.v2', 'fees.charged.v3', 'fees.charged.v9');
    fc.assert(
      fc.property(
        fc.record({ v1: someone, v2: someone, v3: someone }),
        type,
        anyBody,
        (hearers, said, body) => {
          const { all } = fees(hearers);
          const majorsHeard = all.filter(({ heardBy }) => heardBy.includes('remittance'));
          try {
            const { contract } = understood(all, said, body);
            expect(majorsHeard).toContain(contract);
            expect(contract.major).toBeGreaterThanOrEqual(Number(said.at(-1)));
          } catch (error) {
            expect(['message.unsupported-fact', 'contract.broken']).toContain(
              (error as { code: string }).code,
            );
          }
        },
      ),
    );
  });
});

describe('the forms of a fact', () => {
  it('are said in every major that has a speaker, the newest first', () => {
    const { third } = fees({});
    const body = { feeId, amountCents: 350, currency: 'USD' };
    expect(formsOf(third, body).map(({ contract, body: form }) => [contract.name, form])).toEqual([
      ['fees.charged.v3', body],
      ['fees.charged.v2', { feeId, amountCents: 350 }],
      ['fees.charged.v1', { feeId, dollars: 3 }],
    ]);
  });

  it('leave out what nobody says any more', () => {
    const { third } = fees({}, []);
    expect(formsOf(third, { feeId, amountCents: 350, currency: 'USD' })).toHaveLength(1);
  });

  it('come back as what was said when a hearer brings them up again', () => {
    const { all, third } = fees({ v3: ['remittance'] });
    const whole = fc.record({
      feeId: fc.uuid(),
      amountCents: fc.integer({ min: 0, max: 1000 }).map((dollars) => dollars * 100),
      currency: fc.constant('USD'),
    });
    fc.assert(
      fc.property(whole, (body) => {
        for (const form of formsOf(third, body)) {
          expect(understood(all, form.contract.name, form.body).body).toEqual(body);
        }
      }),
    );
  });
});

describe('who may get a message of payouts.returned.v1', () => {
  it('is also a service that has moved on to its second major', () => {
    const [first, second] = [1, 2].map((major) => findFact(`payouts.returned.v${major}`)!);
    expect(receiversOf(first!)).toEqual(['validation', 'remittance', 'audit']);
    expect(receiversOf(second!)).toEqual(['remittance', 'audit']);
    expect(factsUnderstoodBy('remittance')).toEqual(expect.arrayContaining([first, second]));
    expect(factsUnderstoodBy('validation')).not.toContain(second);
  });
});
