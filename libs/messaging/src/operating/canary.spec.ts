import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextStep, Throttle, underWayMax, type Pace, type Progress } from './canary.ts';

const pace: Pace = { perSecond: 20, canary: [1, 10, 100], failureLimit: 0 };
const nothing: Progress = { waiting: 0, underWay: 0, handled: 0, failed: 0, sentBefore: 0, failedBefore: 0 };

describe('the next step of a run', () => {
  it.each([
    ['one first', { waiting: 500 }, { kind: 'send', most: 1 }],
    ['nothing before its outcome', { waiting: 499, underWay: 1 }, { kind: 'wait' }],
    ['nine more', { waiting: 499, handled: 1 }, { kind: 'send', most: 9 }],
    ['what is left of the stage', { waiting: 496, handled: 1, underWay: 3 }, { kind: 'send', most: 6 }],
    ['ninety more', { waiting: 490, handled: 10 }, { kind: 'send', most: 90 }],
    ['the rest', { waiting: 400, handled: 100 }, { kind: 'send', most: 400 }],
    ['a bounded part of many', { waiting: 9000, handled: 100 }, { kind: 'send', most: underWayMax }],
    ['no more after a failure', { waiting: 499, failed: 1 }, { kind: 'stop' }],
    ['no more after a failure of the last', { failed: 1 }, { kind: 'stop' }],
    ['the last outcomes', { handled: 3, underWay: 1 }, { kind: 'wait' }],
    ['the end', { handled: 4 }, { kind: 'finish' }],
    [
      'a canary anew',
      { waiting: 9, handled: 4, failed: 1, sentBefore: 5, failedBefore: 1 },
      { kind: 'send', most: 1 },
    ],
  ])('is %s', (_, progress, step) => {
    expect(nextStep(pace, { ...nothing, ...progress })).toEqual(step);
  });

  it('sends everything once and no stage before the last is good, whatever fails when', () => {
    const counts = fc.record({
      letters: fc.integer({ min: 1, max: 400 }),
      canary: fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 4 }),
      failureLimit: fc.integer({ min: 0, max: 5 }),
      chance: fc.infiniteStream(fc.integer({ min: 0, max: 99 })),
    });
    fc.assert(
      fc.property(counts, ({ letters, canary, failureLimit, chance }) => {
        const stages = [...canary].sort((one, other) => one - other);
        const run = { ...nothing, waiting: letters };
        for (let turn = 0; turn < 5_000; turn += 1) {
          const step = nextStep({ perSecond: 1, canary: stages, failureLimit }, run);
          const sent = run.underWay + run.handled + run.failed;
          if (step.kind === 'finish') {
            expect(sent).toBe(letters);
            expect(run.failed).toBeLessThanOrEqual(failureLimit);
            return;
          }
          if (step.kind === 'stop') {
            expect(run.failed).toBeGreaterThan(failureLimit);
            return;
          }
          const [roll] = [...chance.take(1)];
          if (step.kind === 'send') {
            const passed = stages.findLast((stage) => stage <= sent) ?? 0;
            expect(run.handled + run.failed).toBeGreaterThanOrEqual(passed);
            const some = 1 + (roll! % step.most);
            run.waiting -= some;
            run.underWay += some;
          } else expect(run.underWay).toBeGreaterThan(0);
          if (run.underWay > 0 && roll! < 80) {
            run.underWay -= 1;
            if (roll! < 3) run.failed += 1;
            else run.handled += 1;
          }
        }
        throw new Error('it never ends');
      }),
    );
  });
});

describe('the throttle', () => {
  it('lets through one at once, then so many a second, and saves no more than a second', () => {
    const throttle = new Throttle(20, 0);
    expect(throttle.pass(50, 0)).toBe(1);
    expect(throttle.pass(50, 100)).toBe(2);
    expect(throttle.pass(1, 1_100)).toBe(1);
    expect(throttle.pass(50, 60_000)).toBe(20);
    expect(throttle.pass(50, 59_000)).toBe(0);
  });
});
