import { describe, expect, it } from '@jest/globals';
import { uuidV5, remitflowNamespace } from '@remitflow/kernel';
import { partAbout, paymentsIn, subjectsOf } from './subjects.ts';

const [id, other, paymentId] = ['subject', 'other', 'payment'].map((name) =>
  uuidV5(remitflowNamespace, `spec/${name}`),
) as [string, string, string];

const idsOf = (body: object): readonly string[] => subjectsOf(body).ids;

describe('whom a fact is about', () => {
  it('is known by ids alone: other text is nobody', () => {
    const odd = ['', 'x', '\u0000', '\ud800', `${id}\u0000`];
    const requests = [...odd, id, id].map((requestId) => ({ requestId }));
    expect(idsOf({ requests })).toEqual([id]);
    expect(idsOf({ submissionId: 'x\u0000', cycleId: id })).toEqual([id]);
    expect(idsOf({ payments: [null, 'x', { paymentId: id }] })).toEqual([id]);
  });

  it('is the requests rather than their payments, and the payment whose requests are explained', () => {
    const requests = [{ requestId: id, paymentId, payeeId: other }];
    expect(idsOf({ cycleId: other, requests })).toEqual([id]);
    expect(idsOf({ remittanceId: other, paymentId, requests: [{ requestId: id }] })).toEqual([paymentId]);
    expect(idsOf({ cycleId: other, payments: [{ paymentId, payeeId: other }] })).toEqual([paymentId]);
  });

  it('says which payment pays the request', () => {
    const requests = [
      { requestId: id, paymentId },
      { requestId: other, paymentId: other },
    ];
    expect(paymentsIn({ requests }, id)).toEqual([paymentId]);
    expect(paymentsIn({ paymentId, requests: [{ requestId: id }] }, id)).toEqual([paymentId]);
    expect(paymentsIn({ requests: [{ requestId: id, paymentId: 'x' }] }, id)).toEqual([]);
  });
});

describe('the part of a fact that is about somebody', () => {
  it('leaves out the neighbours, and is nothing when there are only neighbours', () => {
    const body = { cycleId: other, requests: [{ requestId: id }, { requestId: other }] };
    expect(partAbout(body, new Set([id]))).toEqual({ cycleId: other, requests: [{ requestId: id }] });
    expect(partAbout(body, new Set([paymentId]))).toBeUndefined();
    expect(partAbout({ payments: [{ paymentId }] }, new Set([paymentId]))).toEqual({
      payments: [{ paymentId }],
    });
    expect(partAbout({ cycleId: other }, new Set([id]))).toEqual({ cycleId: other });
  });
});
