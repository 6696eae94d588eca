import { describe, expect, it } from '@jest/globals';
import { KnownSubjects } from './known-subjects.ts';

const month = '2026-11-01';
const ids = Array.from({ length: 10 }, (_, n) => `id ${n}`);

describe('whom the last facts are about', () => {
  it('covers what is about the same or fewer, of the same month', () => {
    const known = new KnownSubjects();
    known.add('cause', { month, ids });
    expect(known.isCovered('cause', { month, ids: ids.slice(1) })).toBe(true);
    expect(known.isCovered('cause', { month, ids: [...ids, 'another'] })).toBe(false);
    expect(known.isCovered('cause', { month: '2026-12-01', ids })).toBe(false);
    expect(known.isCovered('another', { month, ids })).toBe(false);
    expect(known.isCovered(null, { month, ids })).toBe(false);
  });

  it('leaves small facts to rows of their own', () => {
    const known = new KnownSubjects();
    known.add('cause', { month, ids });
    expect(known.isCovered('cause', { month, ids: ids.slice(0, 3) })).toBe(false);
  });

  it('forgets the oldest', () => {
    const known = new KnownSubjects(25);
    for (const cause of ['a', 'b', 'c']) known.add(cause, { month, ids });
    expect(['a', 'b', 'c'].map((cause) => known.isCovered(cause, { month, ids }))).toEqual([
      false,
      true,
      true,
    ]);
  });
});
