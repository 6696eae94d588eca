import { describe, expect, it } from '@jest/globals';
import { staysBelow } from './again.ts';

describe('a figure below its bound', () => {
  const bounds = { 'x12.ratioToNodeX12': 8, 'wholeWay.ratioToNaiveCpu': 12 };
  const measuring = (...documents: readonly object[]) => {
    const asked: (readonly string[])[] = [];
    const said: string[] = [];
    const measure = (figures: readonly string[]): Promise<object> => {
      asked.push(figures);
      return Promise.resolve(documents[asked.length - 1] ?? {});
    };
    return { asked, said, measure, say: (text: string) => void said.push(text) };
  };
  const x12 = (ratioToNodeX12: number) => ({ x12: { ratioToNodeX12 }, wholeWay: { ratioToNaiveCpu: 20 } });

  it('is not measured again when there is none', async () => {
    const all = measuring();
    expect(await staysBelow(bounds, x12(8), all)).toEqual([]);
    expect(all).toMatchObject({ asked: [], said: [] });
  });

  it('is forgiven once it is above, and nothing else is measured for it', async () => {
    const all = measuring(x12(7.5), x12(8.5));
    expect(await staysBelow(bounds, x12(7), all)).toEqual([]);
    expect(all.asked).toEqual([['x12.ratioToNodeX12'], ['x12.ratioToNodeX12']]);
    expect(all.said[0]).toContain('x12.ratioToNodeX12 is 7.00, its bound 8: measured again, 1 of 2');
  });

  it('stays there when three measurements say so: the best of them is told', async () => {
    const all = measuring(x12(7.9), x12(6));
    expect(await staysBelow(bounds, x12(7), all)).toEqual([
      { figure: 'x12.ratioToNodeX12', least: 8, measured: 7.9 },
    ]);
    expect(all.asked).toHaveLength(2);
  });

  it('stays there when measuring it again gives nothing', async () => {
    const both = { x12: { ratioToNodeX12: 1 }, wholeWay: { ratioToNaiveCpu: 1 } };
    expect(await staysBelow(bounds, both, measuring(x12(9)))).toEqual([]);
    expect(await staysBelow(bounds, both, measuring({}, {}))).toHaveLength(2);
  });
});
