import { describe, expect, it } from '@jest/globals';
import { KnownSubjects } from './known-subjects.ts';
import { subjectsWith } from './places.ts';

const month = '2026-11-01';
/** Ten of version 7, and ten whose ids are a submission and a position. */
const kinds = ['7', '8'].map((version) =>
  Array.from({ length: 10 }, (_, n) => `018f0000-0000-${version}000-8000-00000000000${n}`),
);
const another = '018f0000-0000-8000-8000-000000000fff';
const about = (ids: readonly string[], of = month) => ({ month: of, subjects: subjectsWith(ids) });

describe.each(kinds.map((ids) => ({ ids })))('whom the last facts are about', ({ ids }) => {
  it('covers what is about the same or fewer, of the same month', () => {
    const known = new KnownSubjects();
    known.add('cause', about(ids));
    expect(known.isCovered('cause', about(ids.slice(1)))).toBe(true);
    expect(known.isCovered('cause', about([...ids, another]))).toBe(false);
    expect(known.isCovered('cause', about(ids, '2026-12-01'))).toBe(false);
    expect(known.isCovered('another', about(ids))).toBe(false);
    expect(known.isCovered(null, about(ids))).toBe(false);
  });

  it('leaves small facts to rows of their own', () => {
    const known = new KnownSubjects();
    known.add('cause', about(ids));
    expect(known.isCovered('cause', about(ids.slice(0, 3)))).toBe(false);
  });

  it('forgets the oldest', () => {
    const known = new KnownSubjects(25);
    for (const cause of ['a', 'b', 'c']) known.add(cause, about(ids));
    expect(['a', 'b', 'c'].map((cause) => known.isCovered(cause, about(ids)))).toEqual([false, true, true]);
  });
});
