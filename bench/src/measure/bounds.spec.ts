import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fallsBelow, mustBeRatios, type Bounds } from './bounds.ts';

describe('the stored bounds', () => {
  const bounds = { 'x12.ratioToX12Parser': 3, 'wholeWay.ratioToNaive': 10 };

  it('are missed by a figure that is lower, and by no other', () => {
    const results = { x12: { ratioToX12Parser: 2.9 }, wholeWay: { ratioToNaive: 10 } };
    expect(fallsBelow(bounds, results)).toEqual([
      { figure: 'x12.ratioToX12Parser', least: 3, measured: 2.9 },
    ]);
  });

  it('say nothing of a part that did not run', () => expect(fallsBelow(bounds, { x12: {} })).toEqual([]));

  it('are ratios, never times', () => {
    expect(() => mustBeRatios({ 'oneRequest.p95Ms': 250 })).toThrow(/p95Ms/);
    const stored = JSON.parse(readFileSync(join(import.meta.dirname, '../../bounds.json'), 'utf8')) as Bounds;
    expect(Object.keys(mustBeRatios(stored)).length).toBeGreaterThan(0);
  });
});
