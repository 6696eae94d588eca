import { describe, expect, it } from '@jest/globals';
import { eventually } from '@remitflow/testing';
import { Job } from './job.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('a job', () => {
  it('looks again at once when it was woken while it looked', async () => {
    let rounds = 0;
    const job: Job = new Job({ name: 'test', everyMs: 3_600_000, log }, async () => {
      rounds += 1;
      if (rounds === 1) job.wake();
      return Promise.resolve(false);
    });
    job.start();
    await eventually(() => rounds === 2);
    await job.close();
    expect(rounds).toBe(2);
  });
});
