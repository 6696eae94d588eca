import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { missingFigures, partsBehind } from './document.ts';
import { ratiosOf } from './parts/ratios.ts';
import { parts } from './settings.ts';

/** What the last full run has printed, word for word. */
const results = readFileSync(join(import.meta.dirname, '../RESULTS.md'), 'utf8');
const printed = JSON.parse(/```json\n(.*?)\n```/s.exec(results)![1]!) as Record<string, object>;

describe('the document of a run', () => {
  it('holds every figure that the parts of a full run give', () => {
    expect(missingFigures(printed, parts)).toEqual([]);
  });

  it('is not whole without one of them, whichever', () => {
    expect(missingFigures({ ...printed, naive: {} }, parts)).toEqual(['naive.claimsPerSecond']);
    expect(missingFigures({ ...printed, floor: { claimsPerSecond: Number.NaN } }, ['floor'])).toHaveLength(1);
    const { wholeWay, ...others } = printed;
    expect(wholeWay).toBeDefined();
    expect(missingFigures(others, ['whole-way', 'naive'])).toContain('wholeWay.ratioToNaive');
  });

  it('needs nothing of parts that did not run, nor a ratio to a peer that did not', () => {
    expect(missingFigures({ x12: printed['x12'] }, ['x12'])).toEqual([]);
    expect(missingFigures({ wholeWay: printed['wholeWay'] }, ['whole-way'])).toEqual([]);
  });

  it('tells which parts a figure comes from', () => {
    expect(partsBehind(['x12.ratioToNodeX12', 'x12.ratioToX12Parser'])).toEqual(['x12']);
    expect(partsBehind(['wholeWay.ratioToFloorCpu', 'contracts.ratioToClassValidator'])).toEqual([
      'contracts',
      'whole-way',
      'floor',
    ]);
    expect(partsBehind(['wholeWay.ratioToNaiveCpu'])).toEqual(['whole-way', 'naive']);
  });

  it('has the ratios that follow from its own figures', () => {
    const [wholeWay, naive, floor] = [printed['wholeWay']!, printed['naive']!, printed['floor']!];
    expect(ratiosOf({ wholeWay, naive, floor }).figures['wholeWay']).toEqual(wholeWay);
  });
});
