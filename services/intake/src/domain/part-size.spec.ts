import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { partSizeMax } from './part-size.ts';

const sizesOf = (count: number, most = 2_000): number[] => {
  const sizes: number[] = [];
  for (let said = 0; said < count; said += sizes.at(-1)!) {
    sizes.push(Math.min(partSizeMax(said, { count, most }), count - said));
  }
  return sizes;
};

it('the first and the last parts of a file are short', () => {
  expect(sizesOf(10_000)).toEqual([500, 500, 1_000, 2_000, 2_000, 1_334, 889, 593, 500, 684]);
  expect(sizesOf(700)).toEqual([700]);
  expect(sizesOf(1_300)).toEqual([500, 500, 300]);
});

it('no part exceeds the limit, none is tiny, and most of a long file is in long ones', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300_000 }), (count) => {
      const sizes = sizesOf(count);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(2_000);
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(Math.min(count, 250));
      expect(sizes.length).toBeLessThanOrEqual(Math.ceil(count / 2_000) + 9);
    }),
  );
});

it('a count that is not known, or too small, only lengthens the last parts', () => {
  expect(partSizeMax(5_000, { count: Infinity, most: 2_000 })).toBe(2_000);
  expect(partSizeMax(5_000, { count: 4_000, most: 2_000 })).toBe(500);
});
