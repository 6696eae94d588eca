import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { faultsOf } from './check-fact.ts';
import { compiledCheckOf } from './compiled-check.ts';
import { facts } from './registry.ts';

type Path = readonly (string | number)[];

const goldenOf = (name: string): object =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', 'golden', `${name}.json`), 'utf8')) as object;

const pathsIn = (value: unknown, path: Path = []): Path[] =>
  value === null || typeof value !== 'object'
    ? [path]
    : [
        path,
        ...Object.entries(value).flatMap(([name, member]) =>
          pathsIn(member, [...path, Array.isArray(value) ? Number(name) : name]),
        ),
      ];

/** A copy with one member replaced, or left out when the value is undefined. */
function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  const member = replaced(copy[name], rest, by);
  if (member === undefined && !Array.isArray(copy)) delete copy[name];
  else copy[name] = member;
  return copy;
}

const strangeValues = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    '',
    ' ',
    0,
    -1,
    1.5,
    NaN,
    Infinity,
    true,
    [],
    {},
    [[]],
    [{}],
    [null],
    '❤️',
    '\uFE0F',
    '👍',
    'a'.repeat(700),
  ),
  fc.constantFrom(
    '2026-11-22',
    '2026-02-30',
    '2026-11-22T10:00:00Z',
    '2026-11-22T10:00:00',
    '6f0d2d3c-5d0b-4c1e-9a52-0f5a3f6f7a10',
    '00000000-0000-0000-0000-000000000000',
  ),
  fc.integer(),
  fc.string({ maxLength: 60, unit: 'binary' }),
  fc.jsonValue({ maxDepth: 2 }),
);

describe.each(facts.map((fact) => [fact.name, fact] as const))('the compiled check of %s', (name, fact) => {
  const golden = goldenOf(name);
  const paths = pathsIn(golden);
  const check = compiledCheckOf(fact.body);

  it('takes the golden sample', () => {
    expect(faultsOf(fact, golden)).toEqual([]);
    expect(check(golden)).toBe(true);
  });

  it('takes nothing that class-validator refuses, whatever is wrong with it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), strangeValues, (path, value) => {
        const body = replaced(golden, path, value);
        if (check(body)) expect(faultsOf(fact, body)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
