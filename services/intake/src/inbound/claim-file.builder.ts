import { cents, plainDate } from '@remitflow/kernel';
import { writeClaims, type ClaimBatch, type OutgoingEnvelope } from '@remitflow/x12';

/** A file of 837P claims; the number is its ISA13. */
export function aClaimFile({ claims, number = 1 }: { claims: number; number?: number }): string {
  const day = plainDate('2026-11-01');
  const subscribers = Array.from({ length: claims }, (_, index) => ({
    subscriber: {
      entity: 'person',
      name: 'DOE',
      firstName: 'JO',
      memberId: `M${index}`,
      birthDate: plainDate('1980-02-29'),
      relationship: '18',
    } as const,
    payer: { name: 'THE PLAN', id: 'PLAN1' },
    claims: [
      {
        claimId: `C${number}-${index + 1}`,
        diagnoses: [{ qualifier: 'ABK', code: 'J069' }],
        lines: [
          { procedure: '99213', chargeCents: cents(125_00), serviceFrom: day },
          { procedure: '85025', chargeCents: cents(25_50), serviceFrom: day },
        ],
      },
    ],
  }));
  const batch: ClaimBatch = {
    type: '837P',
    batchReference: `B${number}`,
    submitter: { name: 'BILLER', id: 'BILLER1', contact: { name: 'JO', phone: '5550100' } },
    receiver: { name: 'REMITFLOW', id: 'REMITFLOW' },
    providers: [
      {
        provider: {
          entity: 'organization',
          name: 'NORTH CLINIC',
          npi: '1234567893',
          taxId: '123456789',
          address: { line1: '1 MAIN', city: 'X', state: 'CO', zip: '80000' },
        },
        subscribers,
      },
    ],
  };
  const envelope: OutgoingEnvelope = {
    ...{ senderQualifier: 'ZZ', senderId: 'SENDER', receiverQualifier: 'ZZ', receiverId: 'REMITFLOW' },
    ...{ date: plainDate('2026-11-22'), time: '0130', interchangeControlNumber: number, usage: 'P' },
  };
  return [...writeClaims(batch, envelope)].join('');
}
