import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { WorkLine, type Weight } from './work-line.ts';

/** Plays work that is there from the beginning, and gives the order in which it began. */
async function orderOf(weights: readonly Weight[]): Promise<{ order: number[]; most: number }> {
  const line = new WorkLine();
  const order: number[] = [];
  let [running, most] = [0, 0];
  const begun = new Promise<void>((resolve) => line.add('heavy', () => Promise.resolve(resolve())));
  weights.forEach((weight, place) =>
    line.add(weight, async () => {
      order.push(place);
      most = Math.max(most, (running += 1));
      await Promise.resolve();
      running -= 1;
    }),
  );
  await begun;
  await line.idle();
  return { order, most };
}

describe('work that waits its turn', () => {
  it('is begun in order when all of it is alike', async () => {
    expect((await orderOf(['heavy', 'heavy', 'heavy'])).order).toEqual([0, 1, 2]);
    expect((await orderOf(['light', 'light', 'light'])).order).toEqual([0, 1, 2]);
  });

  it('is overtaken by light work', async () => {
    expect((await orderOf(['heavy', 'heavy', 'light', 'heavy', 'light'])).order).toEqual([2, 4, 0, 1, 3]);
  });

  it('has its turn after eight light ones, however many there are', async () => {
    const { order } = await orderOf(['heavy', 'heavy', ...Array<Weight>(20).fill('light')]);
    expect(order.indexOf(0)).toBe(8);
    expect(order.indexOf(1)).toBe(17);
  });

  it('is all done, once each, one at a time, each weight in its order', async () => {
    const weights = fc.array(fc.constantFrom<Weight>('light', 'heavy'), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(weights, async (given) => {
        const { order, most } = await orderOf(given);
        const places = (wanted: Weight) => order.filter((place) => given[place] === wanted);
        const ascending = (list: number[]) => [...list].sort((a, b) => a - b);
        expect(ascending(order)).toEqual(given.map((_, place) => place));
        expect(places('light')).toEqual(ascending(places('light')));
        expect(places('heavy')).toEqual(ascending(places('heavy')));
        expect(most).toBe(Math.min(given.length, 1));
      }),
    );
  });

  it('is idle when there is none', async () => {
    await new WorkLine().idle();
  });
});
