import { describe, expect, it } from '@jest/globals';
import { median, medianOf, percentile } from './median.ts';

describe('the middle of several runs', () => {
  it('is not moved by one run that went wrong', () => {
    expect(median([10, 900, 11])).toBe(11);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(medianOf([{ s: 3 }, { s: 1 }, { s: 2 }], (run) => run.s)).toBe(2);
  });

  it('sorts numbers as numbers', () => expect(median([100, 9, 20])).toBe(20));

  it('does not exist without a run', () => expect(() => median([])).toThrow(RangeError));
});

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, place) => 100 - place);

  it('is a value that was measured, by nearest rank', () => {
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.95)).toBe(95);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([1, 2], 0)).toBe(1);
  });
});
