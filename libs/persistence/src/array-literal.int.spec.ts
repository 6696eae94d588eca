import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openTestDatabase } from '@remitflow/testing';
import fc from 'fast-check';
import { arrayLiteral, textArrayLiteral } from './array-literal.ts';

let own: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  own = await openTestDatabase([]);
});

afterAll(() => own.drop());

it('any texts come back as they were', async () => {
  const text = fc.string({ unit: fc.constantFrom(...'"\\{},\' aNULé\n') });
  const texts = fc.array(fc.option(text), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(texts, async (given) => {
      const [row] = await own.database.query(`select $1::text[] as texts`, [textArrayLiteral(given)]);
      expect(row).toEqual({ texts: given });
    }),
  );
});

it('numbers come back as they were, and nothing as null', async () => {
  const [row] = await own.database.query(`select $1::int[] as numbers`, [
    arrayLiteral([1, undefined, null, -1]),
  ]);
  expect(row).toEqual({ numbers: [1, null, null, -1] });
  expect(arrayLiteral([])).toBe('{}');
});
