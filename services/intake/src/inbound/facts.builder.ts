import { uuidV7 } from '@remitflow/kernel';

/** As `POST /requests` takes it. */
export const aRequest = {
  claimId: 'J1',
  billingProvider: { npi: '1234567893', taxId: '123456789' },
  subscriber: { memberId: 'M1', lastName: 'DOE', firstName: 'JO', birthDate: '1980-02-29' },
  billedCents: 10_00,
  diagnoses: ['J069'],
  lines: [{ procedure: '99213', chargeCents: 10_00, serviceFrom: '2026-11-01' }],
};

/** An item of requests.approved or requests.denied. */
export const aDecision = (requestId: string, paidCents: number) => ({
  ...{
    requestId,
    position: 1,
    kind: '837P',
    claimId: 'C',
    frequency: '1',
    payeeId: uuidV7(),
    contractId: uuidV7(),
  },
  ...{
    rulesVersion: '1',
    subscriber: {},
    serviceFrom: '2026-11-01',
    serviceTo: '2026-11-01',
    receivedOn: '2026-11-22',
  },
  ...{ billedCents: 150_50, paidCents },
  lines: [
    {
      ...{ lineNumber: 1, modifiers: [], serviceFrom: '2026-11-01', serviceTo: '2026-11-01' },
      ...{
        chargeCents: 150_50,
        paidCents,
        adjustments: [{ group: 'CO', reason: '45', amountCents: 150_50 - paidCents }],
      },
    },
  ],
});

export const aRemittance = (kind: string, requests: object[]) => ({
  ...{ remittanceId: uuidV7(), kind, payeeId: uuidV7(), trnReference: 'T1', fileName: 'a.835', part: 1 },
  requests,
});
