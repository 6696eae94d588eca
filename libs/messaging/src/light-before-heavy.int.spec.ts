import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aHeldBody, eventually, TwoServices } from '@remitflow/testing';

describe('a single request beside bulk messages', () => {
  const two = new TwoServices();
  const { start, say, count, record } = two;

  beforeAll(() => two.open(), 60_000);
  afterEach(() => two.clean());
  afterAll(() => two.close());

  it('is handled before those that came earlier and wait, and all are caught up with in the end', async () => {
    await start();
    const handled: number[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    two.onHeard = async (body, heard) => {
      if (handled.length === 0) await held;
      handled.push(body.requests.length);
      await record(body, heard);
    };
    for (let part = 0; part < 4; part += 1) await say(aHeldBody(400));
    await say(aHeldBody(1));
    await eventually(async () => {
      const published = await two.speaking.database.query(
        'select 1 from outbox where published_at is not null',
      );
      const [own] = await two.hearer.queues();
      return published.length === 5 && own?.look?.ready === 0;
    });
    await two.hearer.caughtUp(200); // in vain: there is more to do
    expect(handled).toEqual([]);
    release();
    await eventually(() => handled.length === 5);
    await two.hearer.caughtUp(20_000);
    expect(handled.indexOf(1)).toBeLessThanOrEqual(1);
    expect(await count('effects')).toBe(1601);
  });
});
