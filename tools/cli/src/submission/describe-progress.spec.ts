import { describe, expect, it } from '@jest/globals';
import { describeProgress, describeWait, type Pipeline } from './describe-progress.ts';
import type { Submission } from './submission.ts';

const submission: Submission = {
  submissionId: 's',
  status: 'parsing',
  bytes: 350_000_000,
  bytesRead: 12_400_000,
  received: 18_000,
  decided: 12_500,
  approved: 12_000,
  held: 100,
  rejected: 300,
  denied: 100,
  done: false,
};
const well: Pipeline = { conditions: [{ name: 'validation', ready: true }], filesBefore: 0 };
const waits = { code: 'reading.validation-behind', message: 'Reading waits until validation has caught up.' };

describe('how far a submission is', () => {
  it('is said in megabytes and requests', () => {
    expect(describeProgress(submission)).toBe(
      'read 12.4 of 350.0 MB · 18,000 requests found · 12,500 decided',
    );
    expect(describeProgress({ ...submission, bytesRead: 350_000_000 })).toMatch(/^read · 18,000/);
  });

  it('names what it waits for: what intake says first, then what can be seen', () => {
    expect(describeWait({ ...submission, waitsFor: waits }, well)).toBe(waits.message);
    expect(describeWait(submission, well)).toBe('waits for validation to decide 5,500 requests');
    expect(describeWait({ ...submission, decided: 18_000 }, well)).toBe('waits for intake to read the file');
    expect(describeWait({ ...submission, status: 'received' }, { ...well, filesBefore: 2 })).toBe(
      'waits until 2 earlier files are read',
    );
  });

  it('says which process is away, or not ready and why', () => {
    const conditions = [
      { name: 'validation-1', ready: false },
      { name: 'validation-2', ready: false, reason: 'the database does not answer' },
      { name: 'intake', ready: true },
    ];
    expect(describeWait({ ...submission, waitsFor: waits }, { conditions, filesBefore: 0 })).toBe(
      `${waits.message} (validation-1 does not answer; validation-2 is not ready: the database does not answer)`,
    );
  });
});
