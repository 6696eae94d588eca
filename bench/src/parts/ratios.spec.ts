import { describe, expect, it } from '@jest/globals';
import { ratiosOf } from './ratios.ts';

const way = (claimsPerSecond: number, all: number) => ({ claimsPerSecond, cpuSecondsPer1000: { all } });

describe('what the whole way is to its peers', () => {
  it('is more when we are faster and need less', () => {
    const { figures } = ratiosOf({ wholeWay: way(4_000, 0.5), naive: way(100, 20), floor: way(5_000, 0.4) });
    expect(figures['wholeWay']).toMatchObject({
      claimsPerSecond: 4_000,
      ratioToNaive: 40,
      ratioToNaiveCpu: 40,
      ratioToFloor: 0.8,
      ratioToFloorCpu: 0.8,
    });
  });

  it('is told of every size that growth has measured', () => {
    const growth = {
      claims: [20_000, 200_000],
      seconds: [5, 40],
      cpuSecondsPer1000: [0.5, 0.4],
    };
    const { figures, tables } = ratiosOf({ growth, naive: way(100, 20) });
    expect(figures).toEqual({ growth: { ...growth, ratioToNaive: [40, 50], ratioToNaiveCpu: [40, 50] } });
    expect(tables[0]!.rows[1]![0]).toBe('growth, 200,000 claims ÷ the naive peer');
    expect(ratiosOf({ growth, floor: way(1, 1) })).toEqual({ figures: {}, tables: [] });
  });

  it('is not made up for a part that did not run', () => {
    expect(ratiosOf({ naive: way(1, 1) })).toEqual({ figures: {}, tables: [] });
    expect(
      Object.keys(ratiosOf({ wholeWay: way(1, 1), floor: way(1, 1) }).figures['wholeWay']!),
    ).not.toContain('ratioToNaive');
  });
});
