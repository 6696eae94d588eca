import { uuidV5, remitflowNamespace } from '@remitflow/kernel';

/** Requests as the demonstration's file makes them: one to three lines, a person, a diagnosis. */
export function submittedRequest(number: number): object {
  const { day, subscriber } = partsOf(number);
  const lines = linesOf(number).map((line) => ({ ...line, unitBasis: 'UN', placeOfService: '11' }));
  return {
    requestId: idOf(`request ${number}`),
    position: number + 1,
    kind: '837P',
    claimId: `D1-${number + 1}`,
    frequency: '1',
    facilityCode: '11',
    billingProvider: { npi: '1800000004', taxId: '843100411', name: 'Cedar Hill Family Practice' },
    subscriber,
    payerId: 'RFHP1',
    billedCents: lines.reduce((sum, line) => sum + line.chargeCents, 0),
    diagnoses: ['Z0000'],
    serviceFrom: day,
    serviceTo: day,
    lines,
    faults: [],
  };
}

/** The same request, priced at four fifths. */
export function decidedRequest(number: number): object {
  const { day, subscriber } = partsOf(number);
  const lines = linesOf(number).map((line) => ({
    ...line,
    serviceTo: day,
    paidCents: line.chargeCents - 29_00,
    adjustments: [{ group: 'CO', reason: '45', amountCents: 29_00 }],
  }));
  return {
    requestId: idOf(`request ${number}`),
    position: number + 1,
    kind: '837P',
    claimId: `D1-${number + 1}`,
    frequency: '1',
    facilityCode: '11',
    payeeId: idOf('payee'),
    contractId: idOf('contract'),
    rulesVersion: '1',
    subscriber,
    serviceFrom: day,
    serviceTo: day,
    receivedOn: '2026-11-20',
    billedCents: lines.reduce((sum, line) => sum + line.chargeCents, 0),
    paidCents: lines.reduce((sum, line) => sum + line.paidCents, 0),
    lines,
  };
}

const idOf = (name: string): string => uuidV5(remitflowNamespace, `bench ${name}`);

const partsOf = (number: number) => ({
  day: `2026-10-${String(1 + (number % 28)).padStart(2, '0')}`,
  subscriber: {
    memberId: `M1${String(number).padStart(7, '0')}`,
    lastName: 'Alder',
    firstName: 'Ada',
    birthDate: '1980-02-29',
  },
});

const linesOf = (number: number) =>
  Array.from({ length: 1 + (number % 3) }, (_, place) => ({
    lineNumber: place + 1,
    lineControl: `1-${number}-${place + 1}`,
    procedureQualifier: 'HC',
    procedure: '99213',
    modifiers: [],
    chargeCents: 145_00 + (number % 17) * 25,
    units: '1',
    serviceFrom: partsOf(number).day,
  }));
