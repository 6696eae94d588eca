import { describe, expect, it } from '@jest/globals';
import { age, queueLines, type QueueReport } from './queue-table.ts';

const report = (service: 'intake' | 'audit', over: Partial<QueueReport> = {}): QueueReport => ({
  service,
  at: '2026-11-22T10:00:00.000Z',
  queues: [
    { name: `remitflow.${service}.dead`, depth: 9, consumers: 1 },
    { name: `remitflow.${service}`, depth: 3, consumers: 1 },
  ],
  heard: 100,
  outbox: { rows: 2, oldestAgeMs: 40, said: 50 },
  awaiting: [],
  retries: { pending: 1 },
  deadLetters: { open: 2 },
  ...over,
});

describe('the table of queues', () => {
  it('tells rates from two reports, and the age of what waits from those who said it', () => {
    const before = [report('intake'), report('audit')];
    const now = [
      report('intake', {
        at: '2026-11-22T10:00:02.000Z',
        heard: 105,
        outbox: { rows: 0, oldestAgeMs: 0, said: 40 },
        awaiting: [{ hearer: 'audit', rows: 7, oldestAgeMs: 4_000 }],
      }),
      report('audit', { at: '2026-11-22T10:00:02.000Z' }),
    ];
    const [intake, audit, payout] = queueLines(['intake', 'audit', 'payout'], now, before);
    expect(intake).toMatchObject({
      depth: 3,
      inPerSecond: 2.5,
      outPerSecond: 0,
      awaiting: 7,
      oldestAgeMs: 0,
    });
    expect(audit).toMatchObject({ oldestAgeMs: 4_000, deadLetters: 2, retries: 1 });
    expect(payout).toMatchObject({ answers: false, depth: null });
  });

  it('tells no rate from one report, and no depth that the broker does not tell', () => {
    const [line] = queueLines(['audit'], [report('audit', { queues: [] })], []);
    expect(line).toMatchObject({ depth: null, consumers: null, inPerSecond: null });
  });

  it.each([
    [0, '–'],
    [950, '950 ms'],
    [12_999, '12 s'],
    [240_000, '4 min'],
    [3 * 86_400_000, '3 d'],
  ])('writes an age of %d ms as %s', (durationMs, text) => {
    expect(age(durationMs)).toBe(text);
  });
});
