import { cents, plainDate } from '@remitflow/kernel';
import { settleClaim, settleRemittance } from '../835/settle.ts';
import { writeClaims, writeRemittance } from '../index.ts';
import { bytesOf } from './fixtures.ts';

const envelope = {
  senderQualifier: 'ZZ',
  senderId: 'SENDER',
  receiverQualifier: 'ZZ',
  receiverId: 'RECEIVER',
  date: plainDate('2026-11-22'),
  time: '0130',
  interchangeControlNumber: 7,
  usage: 'T',
} as const;

export function claimFile(): Uint8Array {
  const line = {
    procedure: '99213',
    chargeCents: cents(100_00),
    serviceFrom: plainDate('2026-11-01'),
    lineControl: 'L1',
  };
  const claim = { claimId: 'A1', diagnoses: [{ qualifier: 'ABK', code: 'J020' }], lines: [line, line] };
  const person = {
    entity: 'person',
    name: 'DOE',
    firstName: 'JO',
    memberId: 'M1',
    birthDate: plainDate('1980-02-29'),
  } as const;
  const batch = {
    type: '837P',
    batchReference: 'B1',
    submitter: { name: 'BILLER', id: 'SENDER', contact: { name: 'ANN', phone: '5550100100' } },
    receiver: { name: 'REMITFLOW', id: 'RECEIVER' },
    providers: [
      {
        provider: { entity: 'organization', name: 'NORTH', npi: '1234567893', taxId: '123456789' } as const,
        subscribers: [
          { subscriber: person, patient: person, payer: { name: 'PLAN', id: 'P1' }, claims: [claim, claim] },
        ],
      },
    ],
  } as const;
  return bytesOf([...writeClaims(batch, envelope)].join(''));
}

export function remittanceFile(): Uint8Array {
  const adjustments = [{ group: 'CO', reason: '45', amountCents: cents(20_00) }] as const;
  const line = { procedure: '99213', modifiers: [], chargeCents: cents(100_00), adjustments };
  const claim = settleClaim({
    claimId: 'A1',
    status: '1',
    filingIndicator: '12',
    adjustments: [],
    lines: [line],
  });
  const advice = settleRemittance({
    method: 'ACH',
    effectiveDate: plainDate('2026-11-24'),
    traceNumber: 'T1',
    payerTaxId: '987654321',
    payerAccount: { routing: '021000021', account: '1' },
    payeeAccount: { routing: '011000015', account: 'XXXX6789' },
    payer: { name: 'PLAN', address: { line1: 'A', city: 'B' }, contact: { name: 'C', phone: '5550100100' } },
    payee: { name: 'NORTH', npi: '1234567893' },
    claims: [claim, claim],
    providerAdjustments: [{ reason: 'L6', amountCents: cents(-1) }],
  });
  return bytesOf([...writeRemittance(advice, envelope)].join(''));
}
