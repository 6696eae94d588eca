import { describe, expect, it } from '@jest/globals';
import { surveyClaims } from '../index.ts';
import { claimFile } from '../testing/claim-files.ts';
import { all, inChunks, sourceOf } from '../testing/fixtures.ts';

describe('the survey of a claim file', () => {
  it('counts the claims and interchanges of a file that is in order, and all its bytes', async () => {
    const whole = claimFile();
    const surveys = await all(surveyClaims(sourceOf(...inChunks(whole, [100]))));
    expect(surveys.reduce((sum, { claims }) => sum + claims, 0)).toBe(2);
    expect(surveys.flatMap(({ interchanges }) => interchanges)).toMatchObject([
      { controlNumber: '000000007' },
    ]);
    expect(surveys.at(-1)).toMatchObject({ bytesRead: whole.length });
    expect(surveys.every(({ problem }) => problem === undefined)).toBe(true);
  });

  it('says nothing more once the file has failed', async () => {
    const wrong = Buffer.from(Buffer.from(claimFile()).toString().replace('*20*1~', '*99*1~'));
    const options = { severities: { 'hierarchy.level': 'reject-transaction' } } as const;
    const surveys = await all(surveyClaims(sourceOf(...inChunks(wrong, [10])), options));
    expect(surveys.at(-1)!.problem).toMatchObject({ code: 'hierarchy.level', segment: 'HL', element: 3 });
    expect(surveys.at(-1)!.bytesRead).toBeLessThan(wrong.length / 2);
  });
});
