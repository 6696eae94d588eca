import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { FactContract } from './define-fact.ts';
import { RequestsApproved, RequestsHeld } from './facts/requests.ts';
import { outlineFor, readsOutline, understandOutline } from './outline.ts';
import { facts } from './registry.ts';

/** The golden sample, its item so many times. */
function bulkOf({ name, items }: FactContract, count: number): Record<string, unknown> {
  const file = join(import.meta.dirname, '..', 'golden', `${name}.json`);
  const sample = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown[]>;
  return { ...sample, [items!]: Array.from({ length: count }, () => sample[items!]![0]) };
}

describe.each(facts.filter(({ outline }) => outline).map((fact) => [fact.name, fact] as const))(
  'the outline of %s',
  (name, fact) => {
    const body = bulkOf(fact, 20);
    const outline = outlineFor(fact, body)!;

    it('says nothing that the body does not say, of every item', () => {
      expect(body).toMatchObject(outline);
      expect((outline as Record<string, unknown[]>)[fact.items!]).toHaveLength(20);
    });

    it('is shorter than the body by most of it', () => {
      expect(JSON.stringify(outline).length).toBeLessThan(JSON.stringify(body).length / 3);
    });

    it('is about the same', () => {
      expect(fact.subject(outline)).toBe(fact.subject(body));
    });

    it('is read by those who hear the fact, and not by all of them', () => {
      const { heardBy } = fact.outline!;
      expect(fact.heardBy).toEqual(expect.arrayContaining([...heardBy]));
      expect(heardBy.length).toBeLessThan(fact.heardBy.length);
      for (const service of fact.heardBy) expect(readsOutline(service, name)).toBe(heardBy.includes(service));
    });

    it('is understood as the fact, and so is the whole body in its place', () => {
      expect(understandOutline(name, outline)).toEqual({ contract: fact, body: outline });
      expect(understandOutline(name, body)?.body).toBe(body);
    });
  },
);

describe('what has no outline', () => {
  it('is a fact of a few items: the whole is read as quickly', () => {
    expect(outlineFor(RequestsApproved, bulkOf(RequestsApproved, 15))).toBeUndefined();
    expect(outlineFor(RequestsApproved, bulkOf(RequestsApproved, 16))).toBeDefined();
  });

  it('is a fact that is defined without one', () => {
    expect(outlineFor(RequestsHeld, bulkOf(RequestsHeld, 20))).toBeUndefined();
    expect(readsOutline('audit', RequestsHeld.name)).toBe(false);
    expect(understandOutline(RequestsHeld.name, bulkOf(RequestsHeld, 20))).toBeUndefined();
  });

  it('is a body that breaks its contract: halving finds out what is wrong with it', () => {
    const requests = Array.from({ length: 20 }, () => ({ requestId: 'none' }));
    for (const broken of [{ requests }, { requests: [...requests, null] }, { requests: 'many' }, {}])
      expect(outlineFor(RequestsApproved, broken)).toBeUndefined();
  });
});

it('an outline that lacks what is read today is not understood', () => {
  const { requests, ...rest } = bulkOf(RequestsApproved, 20) as { requests: Record<string, unknown>[] };
  const without = requests.map((request) => ({ ...request, payeeId: undefined }));
  expect(understandOutline(RequestsApproved.name, { ...rest, requests: without })).toBeUndefined();
  expect(understandOutline(RequestsApproved.name, undefined)).toBeUndefined();
});
