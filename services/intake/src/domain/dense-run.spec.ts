import { describe, expect, it } from '@jest/globals';
import { uuidV5, uuidV7 } from '@remitflow/kernel';
import { denseRunOf } from './dense-run.ts';
import { requestIdOf } from './request-id.ts';

const [one, another] = [uuidV7(), uuidV7()];
const outcomes = (positions: readonly number[], submissionId = one) =>
  positions.map((position) => ({ requestId: requestIdOf(submissionId, position), paidCents: position * 10 }));

describe('a dense run', () => {
  it('has a place for each position between its ends', () => {
    expect(denseRunOf(outcomes([300, 301, 304]))).toEqual({
      firstId: requestIdOf(one, 300),
      lastId: requestIdOf(one, 304),
      firstPosition: 300,
      cents: [3000, 3010, -1, -1, 3040],
      count: 3,
    });
  });

  it.each([
    ['far apart', outcomes([1, 2, 400])],
    ['of two submissions', [...outcomes([1]), ...outcomes([2], another)]],
    ['without cents', [{ requestId: requestIdOf(one, 1) }]],
    ['whose ids tell nothing', [{ requestId: uuidV5(one, '1'), paidCents: 1 }]],
  ])('is not made of requests %s', (_, some) => {
    expect(denseRunOf(some)).toBeUndefined();
  });
});
