import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkFact, facts, type FactContract } from '@remitflow/contracts';
import { factsExchange, queueOf } from '@remitflow/messaging';
import fc from 'fast-check';
import { staleFiles } from './files.ts';
import { refuseNamesakes, schemaOf } from './json-schema.ts';
import { generatedFolder, outputs } from './outputs.ts';
import { satisfies } from './schema-validator.ts';

const root = resolve(import.meta.dirname, '../..');
const golden = join(root, 'libs', 'contracts', 'golden');

const goldenOf = ({ name }: FactContract): unknown =>
  JSON.parse(readFileSync(join(golden, `${name}.json`), 'utf8')) as unknown;

const accepts = (fact: FactContract, body: unknown): boolean => {
  try {
    checkFact(fact, structuredClone(body));
    return true;
  } catch {
    return false;
  }
};

describe('golden samples', () => {
  it.each(facts)('$name parses for ever, and satisfies its schema', (fact) => {
    expect(() => checkFact(fact, goldenOf(fact))).not.toThrow();
    expect(satisfies(schemaOf(fact), goldenOf(fact))).toBe(true);
  });

  it('exist for facts that exist, or did', () => {
    const names = readdirSync(golden).map((file) => file.replace(/\.json$/, ''));
    expect(names).toEqual(expect.arrayContaining(facts.map(({ name }) => name)));
    expect(names.filter((name) => !/^[a-z-]+\.[a-z-]+\.v\d+$/.test(name))).toEqual([]);
  });
});

type Path = readonly (string | number)[];

/** Every place in a JSON value, the whole left out. */
function pathsOf(value: unknown, at: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const path = [...at, Array.isArray(value) ? Number(name) : name];
    return [path, ...pathsOf(member, path)];
  });
}

/** One path of each shape: what holds for the first item of a list holds for the others. */
const placesOf = (body: unknown): Path[] => [
  ...new Map(
    pathsOf(body).map((path) => [
      path.map((step) => (typeof step === 'number' ? '*' : step)).join('.'),
      path,
    ]),
  ).values(),
];

const absent = Symbol('absent');
const strange = [
  absent,
  null,
  '',
  ' ',
  'x',
  'x'.repeat(1001),
  'R02',
  '2026-02-30',
  '2026-13-01',
  0,
  -1,
  1,
  1.5,
  10_000,
  2 ** 53,
  true,
  [],
  [''],
  ['x'],
  [1],
  [{}],
  {},
  { x: 1 },
];

function changed(body: unknown, path: Path, value: unknown): unknown {
  const copy = structuredClone(body);
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((at, step) => (at as Record<string | number, unknown>)[step], copy);
  const last = path.at(-1) ?? '';
  if (value === absent) delete (parent as Record<string | number, unknown>)[last];
  else (parent as Record<string | number, unknown>)[last] = value;
  return JSON.parse(JSON.stringify(copy)) as unknown;
}

describe('schemas', () => {
  it.each(facts)('$name agrees with the contract on everything one change away', (fact) => {
    const body = goldenOf(fact);
    const schema = schemaOf(fact);
    const places = placesOf(body);
    const disagreements: string[] = [];
    for (const path of places) {
      for (const value of strange) {
        const mutant = changed(body, path, value);
        if (accepts(fact, mutant) !== satisfies(schema, mutant))
          disagreements.push(`${path.join('.')} = ${JSON.stringify(value)}`);
      }
    }
    expect(disagreements).toEqual([]);
  });

  it('agree with the contracts on texts and numbers of any kind', () => {
    const anyFact = fc.constantFrom(...facts);
    const anyValue = fc.oneof(
      fc.string({ unit: 'grapheme-ascii', maxLength: 130 }),
      fc.integer(),
      fc.double(),
      fc.uuid(),
      fc.array(fc.string(), { maxLength: 60 }),
    );
    fc.assert(
      fc.property(anyFact, fc.nat(), anyValue, (fact, place, value) => {
        const body = goldenOf(fact);
        const places = placesOf(body);
        const path = places[place % places.length] ?? [];
        const mutant = changed(body, path, value);
        return accepts(fact, mutant) === satisfies(schemaOf(fact), mutant);
      }),
      { numRuns: 1500 },
    );
  });

  it('accept what a newer speaker adds', () => {
    for (const fact of facts) {
      const body = { ...(goldenOf(fact) as object), added: 'later' };
      expect([accepts(fact, body), satisfies(schemaOf(fact), body)]).toEqual([true, true]);
    }
  });

  it('are refused when two classes have one name: one would be taken for the other', () => {
    const classes = ['Fee', 'Payment', 'Fee'].map((name) => ({ [name]: class {} })[name]!);
    expect(() => refuseNamesakes(classes)).toThrow('named Fee');
  });

  it('mark what is personal', () => {
    const text = JSON.stringify(facts.map((fact) => schemaOf(fact)));
    expect(text).toContain('"x-personal":true');
  });
});

describe('generated files', () => {
  const wanted = outputs(root);

  it('are fresh', () => {
    expect(staleFiles(root, generatedFolder, wanted)).toEqual([]);
  });

  it('are missed when one is edited, missing or left over', () => {
    const changedSet = new Map([...wanted].slice(1));
    const [first] = [...wanted.keys()];
    changedSet.set(`${generatedFolder}/messages.md`, 'edited');
    changedSet.set(`${generatedFolder}/new.md`, 'new');
    expect(staleFiles(root, generatedFolder, changedSet)).toEqual(
      [first, `${generatedFolder}/messages.md`, `${generatedFolder}/new.md`].sort(),
    );
  });

  it('tell every hearer’s queue and operation', () => {
    const topology = wanted.get(`${generatedFolder}/topology.json`) ?? '';
    const api = JSON.parse(wanted.get(`${generatedFolder}/asyncapi.json`) ?? '{}') as Api;
    expect(topology).toContain(factsExchange);
    for (const fact of facts) {
      for (const hearer of fact.heardBy) {
        const operation = api.operations[`${hearer}-hears-${fact.name.replaceAll('.', '-')}`];
        expect(operation).toMatchObject({ action: 'receive', 'x-queue': queueOf(hearer) });
      }
    }
  });

  it('tell every login what it may publish: its own facts, and copies and receipts in its own name', () => {
    const permissions = JSON.parse(wanted.get(`${generatedFolder}/permissions.json`) ?? '{}') as Logins;
    const payout = permissions['remitflow-payout'];
    const may = (exchange: string, key: string): boolean =>
      payout!.topics.some((topic) => topic.exchange === exchange && new RegExp(topic.write).test(key));
    expect(payout).toMatchObject({ configure: '^$' });
    expect(may('remitflow.facts', 'payouts.returned.v2')).toBe(true);
    expect(may('remitflow.facts', 'requests.approved.v1')).toBe(false);
    // What is in flight to a hearer that has moved on to a later major can still be published again.
    expect(may('remitflow.again', 'remittance.payouts.returned.v1')).toBe(true);
    expect(may('remitflow.again', 'intake.payouts.returned.v1')).toBe(false);
    expect(may('remitflow.receipts', 'validation.payout')).toBe(true);
    expect(may('remitflow.receipts', 'validation.intake')).toBe(false);
  });

  it('has no reference in the AsyncAPI document that leads nowhere', () => {
    const api = JSON.parse(wanted.get(`${generatedFolder}/asyncapi.json`) ?? '{}') as Api;
    const references = [...JSON.stringify(api).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      ([, path = '']) => path,
    );
    const leadsNowhere = (path: string): boolean =>
      path
        .split('/')
        .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], api) ===
      undefined;
    expect(references.length).toBeGreaterThan(facts.length);
    expect(references.filter(leadsNowhere)).toEqual([]);
  });
});

type Logins = Readonly<
  Record<string, { readonly topics: readonly { readonly exchange: string; readonly write: string }[] }>
>;
type Api = { readonly operations: Readonly<Record<string, object>> };
