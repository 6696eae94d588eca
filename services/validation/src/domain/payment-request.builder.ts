import { cents, isNpi, plainDate } from '@remitflow/kernel';
import type { Payee } from './payee.ts';
import type { PaymentRequest, ServiceLine } from './payment-request.ts';

/** The NPI with these nine digits before its check digit. */
export const npiOf = (place: number): string => {
  const digits = String(100_000_000 + place);
  return Array.from({ length: 10 }, (_, check) => `${digits}${check}`).find(isNpi)!;
};

export const aNpi = npiOf(23_456_789);

/** One ordinary office visit. Specs name only what matters to them. */
export const aLine = (change: Partial<ServiceLine> = {}): ServiceLine => ({
  lineNumber: 1,
  lineControl: 'L1',
  procedureQualifier: 'HC',
  procedure: '99213',
  modifiers: [],
  chargeCents: cents(125_00),
  units: '1',
  placeOfService: '11',
  serviceFrom: plainDate('2026-11-02'),
  serviceTo: plainDate('2026-11-02'),
  ...change,
});

export const aRequest = (change: Partial<PaymentRequest> = {}): PaymentRequest => ({
  requestId: '5b0c2f4e-6a39-4f0e-8e3e-0a8e1f1d0001',
  position: 1,
  kind: '837P',
  claimId: 'PCN-1',
  frequency: '1',
  facilityCode: '11',
  billingProvider: { npi: aNpi, taxId: '123456789' },
  subscriber: { memberId: 'M100' },
  billedCents: cents(125_00),
  serviceFrom: plainDate('2026-11-02'),
  serviceTo: plainDate('2026-11-02'),
  lines: [aLine()],
  faults: [],
  ...change,
});

export const aPayee = (change: Partial<Payee> = {}): Payee => ({
  payeeId: '5b0c2f4e-6a39-4f0e-8e3e-0a8e1f1d0002',
  npi: aNpi,
  taxId: '123456789',
  status: 'active',
  contracts: [
    {
      contractId: '5b0c2f4e-6a39-4f0e-8e3e-0a8e1f1d0003',
      effectiveFrom: plainDate('2020-01-01'),
      pricing: { kind: 'percent', basisPoints: 8000 },
    },
  ],
  account: { routingNumber: '021000021', status: 'active' },
  ...change,
});
