import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkFact } from './check-fact.ts';
import { maskPersonal } from './fields.ts';
import { cutBulk } from './cut-bulk.ts';
import type { FactContract } from './define-fact.ts';
import { PayoutsReturnedV2 } from './facts/payouts-returned.ts';
import { PayoutsReturned } from './facts/payouts.ts';
import { RequestsHeld } from './facts/requests.ts';
import { PayeesChanged } from './facts/payees.ts';
import { facts, factsHeardBy } from './registry.ts';

const anId = '6f0d2d3c-5d0b-4c1e-9a52-0f5a3f6f7a10';

const aHeldBody = () => ({
  submissionId: anId,
  requests: [
    {
      requestId: anId,
      claimId: 'A1',
      billedCents: 100,
      allowedCents: 80,
      findings: [{ ruleId: 'amount.over-limit', ruleVersion: '1', message: 'Over the limit' }],
    },
  ],
});

describe('the registry', () => {
  it('names every fact once, in the past tense, with a speaker and a hearer', () => {
    expect(new Set(facts.map((fact) => fact.name)).size).toBe(facts.length);
    for (const fact of facts) {
      expect(fact.name).toMatch(/^[a-z]+(\.[a-z]+)?\.[a-z-]*(ed|sent|held|driven)\.v\d+$/);
      const isFollowed = facts.some(({ upcast }) => upcast?.from === fact);
      expect(fact.saidBy.length > 0 || isFollowed).toBe(true);
      expect(fact.heardBy).toContain('audit');
    }
  });

  it('lets audit hear everything', () => {
    expect(factsHeardBy('audit')).toEqual(facts);
  });
});

describe('majors of one fact', () => {
  const followers = facts.filter(({ major }) => major > 1);
  const earlier = ({ upcast }: FactContract): FactContract[] =>
    upcast ? [upcast.from, ...earlier(upcast.from)] : [];

  it('follow one another, each read from the one before and said as it while that is spoken', () => {
    expect(followers.length).toBeGreaterThan(0);
    for (const fact of followers) {
      expect(fact.upcast?.from).toMatchObject({ type: fact.type, major: fact.major - 1 });
      expect(facts).toContain(fact.upcast?.from);
      if (fact.upcast?.from.saidBy.length !== 0) expect(fact.upcast?.down).toBeDefined();
    }
  });

  it('are heard by each service in one of them, by audit in all', () => {
    for (const fact of followers) {
      const hearers = [fact, ...earlier(fact)].flatMap(({ heardBy }) => heardBy);
      const own = hearers.filter((name) => name !== 'audit');
      expect(own).toHaveLength(new Set(own).size);
    }
  });
});

describe('payouts.returned, from the first major to the second and back', () => {
  const anyReturn = fc.record({
    paymentId: fc.uuid(),
    payeeId: fc.uuid(),
    accountId: fc.uuid(),
    amountCents: fc.nat(),
    reason: fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme-ascii' }),
    consequence: fc.constantFrom('freeze-account' as const, 'none' as const),
    returnedOn: fc.constant('2026-11-24'),
    traceNumber: fc.stringMatching(/^[0-9]{15}$/),
  });
  const nachaCode = fc.stringMatching(/^R[0-9]{2}$/);
  const { up, down } = PayoutsReturnedV2.upcast!;

  it('loses nothing of a second', () => {
    const why = fc.oneof(
      fc.record({ sentBackBy: fc.constant('payees-bank'), returnCode: nachaCode }),
      fc.record({ sentBackBy: fc.constantFrom('payees-bank', 'own-bank') }),
    );
    fc.assert(
      fc.property(anyReturn, why, (payment, reason) => {
        const body = checkFact(PayoutsReturnedV2, { payments: [{ ...payment, ...reason }] });
        expect(up(checkFact(PayoutsReturned, down!(body)))).toEqual(body);
      }),
    );
  });

  it('takes any first: a code that is none of Nacha’s is left out', () => {
    const anyCode = fc.oneof(
      nachaCode,
      fc.constant('X01'),
      fc.string({ minLength: 3, maxLength: 3, unit: 'grapheme-ascii' }),
    );
    fc.assert(
      fc.property(anyReturn, anyCode, (payment, returnCode) => {
        const body = checkFact(PayoutsReturned, { payments: [{ ...payment, returnCode }] });
        const [again] = checkFact(PayoutsReturnedV2, up(body)).payments;
        const isCode = /^R[0-9]{2}$/.test(returnCode);
        expect(again?.sentBackBy).toBe(returnCode === 'X01' ? 'own-bank' : 'payees-bank');
        expect(again?.returnCode).toBe(isCode ? returnCode : undefined);
      }),
    );
  });
});

describe('checking a body', () => {
  it('takes a good one as it is', () => {
    expect(checkFact(RequestsHeld, aHeldBody())).toEqual(aHeldBody());
  });

  it('ignores what a newer speaker adds', () => {
    expect(() => checkFact(RequestsHeld, { ...aHeldBody(), added: true })).not.toThrow();
  });

  it.each([
    ['no list', { submissionId: anId }, 'requests:'],
    ['an empty list', { submissionId: anId, requests: [] }, 'requests:arrayMinSize'],
    ['a string in the list', { submissionId: anId, requests: ['x'] }, 'requests'],
    [
      'a fraction of a cent',
      { ...aHeldBody(), requests: [{ ...aHeldBody().requests[0], billedCents: 1.5 }] },
      'requests.0.billedCents:isInt',
    ],
    [
      'an amount as text',
      { ...aHeldBody(), requests: [{ ...aHeldBody().requests[0], billedCents: '1' }] },
      'requests.0.billedCents',
    ],
    [
      'a negative amount',
      { ...aHeldBody(), requests: [{ ...aHeldBody().requests[0], billedCents: -1 }] },
      'requests.0.billedCents:min',
    ],
    [
      'a bad finding',
      { ...aHeldBody(), requests: [{ ...aHeldBody().requests[0], findings: [{}] }] },
      'requests.0.findings.0.ruleId',
    ],
    ['null', null, 'at=body'],
    ['a list', [], 'at=body'],
  ])('refuses %s and says where', (_, body, where) => {
    expect(() => checkFact(RequestsHeld, body)).toThrow(where);
  });

  it('never repeats a value', () => {
    const body = {
      payees: [{ payeeId: anId, version: 1, npi: 'SECRET-NPI', taxId: '1', name: '', status: 'active' }],
    };
    expect(() => checkFact(PayeesChanged, body)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('SECRET') }),
    );
  });
});

describe('cutting a list into bulk facts', () => {
  it('cuts by number and by bytes and keeps the order', () => {
    expect(cutBulk([1, 2, 3, 4, 5], { itemsMax: 2 })).toEqual([[1, 2], [3, 4], [5]]);
    expect(cutBulk(['aaaa', 'bbbb', 'c'], { itemsMax: 10, bytesMax: 12 })).toEqual([['aaaa', 'bbbb'], ['c']]);
    expect(cutBulk([])).toEqual([]);
  });

  it('gives an item that is too large a run of its own', () => {
    expect(cutBulk(['a'.repeat(50), 'b'], { itemsMax: 10, bytesMax: 12 })).toEqual([['a'.repeat(50)], ['b']]);
  });
});

describe('masking', () => {
  it('hides personal fields at any depth and nothing else', () => {
    const body = {
      requests: [{ claimId: 'A1', subscriber: { memberId: 'M1', lastName: 'Doe' }, diagnoses: ['Z00'] }],
    };
    expect(maskPersonal(body)).toEqual({
      requests: [{ claimId: 'A1', subscriber: { memberId: '•••', lastName: '•••' }, diagnoses: '•••' }],
    });
  });
});
