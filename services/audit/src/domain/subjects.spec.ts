import { describe, expect, it } from '@jest/globals';
import { uuidV5, remitflowNamespace } from '@remitflow/kernel';
import { subjectsOf } from './subjects.ts';

const id = uuidV5(remitflowNamespace, 'spec/subject');

describe('whom a fact is about', () => {
  it('is known by ids alone: other text is nobody', () => {
    const odd = ['', 'x', '\u0000', '\ud800', `${id}\u0000`];
    const requests = [...odd, id].map((requestId) => ({ requestId, paymentId: id }));
    expect(subjectsOf({ requests })).toEqual({ ids: [id], paidBy: [{ requestId: id, paymentId: id }] });
    expect(subjectsOf({ submissionId: 'x\u0000', cycleId: id })).toEqual({ ids: [id], paidBy: [] });
    expect(subjectsOf({ payments: [null, 'x', { paymentId: id }] })).toEqual({ ids: [id], paidBy: [] });
  });
});
