import { describe, expect, it } from '@jest/globals';
import { until } from './until.ts';

describe('waiting for an answer', () => {
  it('ends with the first that is what was waited for', async () => {
    let asked = 0;
    const ask = (): Promise<number> => Promise.resolve((asked += 1));
    expect(await until(ask, (n) => n >= 3, { everyMs: 1 })).toBe(3);
  });

  it('goes on as long as the answers change, and fails when they do not', async () => {
    let asked = 0;
    const ask = (): Promise<number> => Promise.resolve(Math.min((asked += 1), 30));
    await expect(until(ask, (n) => n > 30, { everyMs: 2, withinMs: 20 })).rejects.toThrow(
      'nothing has changed for 20 ms: 30',
    );
    expect(asked).toBeGreaterThanOrEqual(30);
  });
});
