import { describe, expect, it } from '@jest/globals';
import { isUuid, uuidV5, uuidV7 } from '@remitflow/kernel';
import fc from 'fast-check';
import { dayOfId, daysOfIds, requestIdOf } from './request-id.ts';

const instants = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
const randoms = fc.uint8Array({ minLength: 10, maxLength: 10 });
const positions = fc.integer({ min: 1, max: 0xffff_ffff });
const submissions = fc.tuple(instants, randoms).map(([at, random]) => uuidV7(at, random));

describe('the id of a request', () => {
  it('is the same for ever', () => {
    expect(requestIdOf('01a20221-27bd-75b9-9de9-82094c8fc62e', 500)).toBe(
      '01a20221-27bd-85b9-9de9-8209000001f4',
    );
  });

  it('is a UUID that sorts by its position and tells the day of its submission', () => {
    fc.assert(
      fc.property(instants, randoms, positions, positions, (at, random, one, other) => {
        const submissionId = uuidV7(at, random);
        const [id, next] = [requestIdOf(submissionId, one), requestIdOf(submissionId, other)];
        expect(isUuid(id)).toBe(true);
        expect(Math.sign(one - other)).toBe(id < next ? -1 : id > next ? 1 : 0);
        expect(dayOfId(id)).toBe(at.toISOString().slice(0, 10));
        expect(dayOfId(submissionId)).toBe(dayOfId(id));
      }),
    );
  });

  it('tells the days of many, and which do not tell theirs', () => {
    fc.assert(
      fc.property(fc.array(submissions), fc.array(positions), (dated, dayless) => {
        const old = dayless.map((position) => requestIdOf(uuidV5(uuidV7(), 'no version 7'), position));
        const days = dated.map((id) => dayOfId(id)!).sort();
        expect(daysOfIds([...old, ...dated.map((id) => requestIdOf(id, 1))])).toEqual({
          days: days.length > 0 ? { from: days[0], to: days.at(-1) } : undefined,
          dayless: old,
        });
      }),
    );
  });
});
