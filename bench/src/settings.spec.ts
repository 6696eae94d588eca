import { describe, expect, it } from '@jest/globals';
import { parts, readSettings, UsageError } from './settings.ts';

describe('what is measured', () => {
  it('is everything when nothing is named', () => {
    expect(readSettings([])).toMatchObject({
      parts,
      isFull: true,
      runs: 3,
      claims: 200_000,
      smallClaims: 20_000,
    });
  });

  it('is what is named, in the order of a full run', () => {
    expect(readSettings(['floor', 'x12', '--runs', '1'])).toMatchObject({
      parts: ['x12', 'floor'],
      isFull: false,
      runs: 1,
    });
  });

  it('is small with --quick, and a full run is not what it was', () => {
    const quick = readSettings(['--quick', '--json']);
    expect(quick).toMatchObject({ isFull: false, json: true });
    expect(quick.claims).toBeLessThan(20_000);
  });

  it('gives the naive peer no more claims than the others', () => {
    expect(readSettings(['--claims', '500']).naiveClaims).toBe(500);
    expect(readSettings(['--claims', '500', '--naive-claims', '700']).naiveClaims).toBe(700);
  });

  it('grows tenfold, or as is asked for', () => {
    expect(readSettings([]).growthClaims).toEqual([200_000]);
    expect(readSettings(['--claims', '2000'])).toMatchObject({ smallClaims: 2_000, growthClaims: [20_000] });
    expect(readSettings(['--growth', '200000,1000000']).growthClaims).toEqual([200_000, 1_000_000]);
    expect(() => readSettings(['--growth', '200000,many'])).toThrow(UsageError);
  });

  it.each([[['nothing']], [['--claims', 'many']], [['--fast']]])('is refused for %j', (args) => {
    expect(() => readSettings(args)).toThrow(UsageError);
  });
});
