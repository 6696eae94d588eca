import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { addDays, cents, plainDate } from '@remitflow/kernel';
import {
  readRemittances,
  settleClaim,
  settleRemittance,
  writeRemittance,
  type ClaimPayment,
  type OutgoingEnvelope,
  type RemittanceAdvice,
} from '@remitflow/x12';
import { seconds } from './seconds.ts';

export type EraFigures = {
  readonly claims: number;
  readonly writeSeconds: number;
  readonly readSeconds: number;
  readonly balanced: boolean;
};

/** Writes the 835 of one payment over so many claims, reads it back and holds every level against the others. */
export async function explainAndRead(claims: number, folder: string): Promise<EraFigures> {
  const file = join(folder, 'remittance.835');
  let paidCents = 0;
  const writeSeconds = await seconds(async () => {
    const advice = adviceOver(claims);
    paidCents = advice.amountCents;
    await pipeline(Readable.from(writeRemittance(advice, envelope)), createWriteStream(file));
  });
  const read = { claims: 0, paidCents: 0, problems: 0 };
  const readSeconds = await seconds(async () => {
    for await (const event of readRemittances(createReadStream(file))) {
      if (event.kind === 'problem') read.problems += 1;
      if (event.kind !== 'remittance') continue;
      read.claims += event.advice.claims.length;
      read.paidCents += event.advice.amountCents;
    }
  });
  const balanced = read.problems === 0 && read.claims === claims && read.paidCents === paidCents;
  return { claims, writeSeconds, readSeconds, balanced };
}

const day = plainDate('2026-11-20');

const envelope: OutgoingEnvelope = {
  senderQualifier: 'ZZ',
  senderId: 'REMITFLOW',
  receiverQualifier: 'ZZ',
  receiverId: 'BENCH',
  date: day,
  time: '0900',
  interchangeControlNumber: 1,
  usage: 'P',
  lineBreaks: true,
};

const adviceOver = (claims: number): RemittanceAdvice =>
  settleRemittance({
    method: 'ACH',
    effectiveDate: plainDate('2026-11-24'),
    traceNumber: 'RF000000000001',
    payerTaxId: '123456789',
    payerAccount: { routing: '121042882', account: '1234567' },
    payeeAccount: { routing: '021000021', account: 'XXXX4321', accountType: 'checking' },
    productionDate: day,
    payer: {
      name: 'REMITFLOW HEALTH PLAN',
      address: { line1: '1 PLAN WAY', city: 'SPRINGFIELD', state: 'IL', zip: '62701' },
      contact: { name: 'REMITTANCE DESK', phone: '5555550100' },
    },
    payee: { name: 'CEDAR HILL FAMILY PRACTICE', npi: '1800000004', taxId: '843100411' },
    claims: Array.from({ length: claims }, (_, number) => claimPayment(number)),
    providerAdjustments: [],
  });

function claimPayment(number: number): ClaimPayment {
  const served = addDays(day, -3 - (number % 25));
  return settleClaim({
    claimId: `D1-${number + 1}`,
    status: '1',
    filingIndicator: 'ZZ',
    payerClaimControlNumber: `RF${number + 1}`,
    facilityCode: '11',
    frequency: '1',
    adjustments: [],
    patient: { name: 'ALDER', firstName: 'ADA', memberId: `M${number}` },
    serviceFrom: served,
    serviceTo: served,
    receivedDate: day,
    lines: Array.from({ length: 1 + (number % 3) }, (_, place) => ({
      procedureQualifier: 'HC',
      procedure: '99213',
      modifiers: [],
      chargeCents: cents(145_00 + (number % 17) * 25),
      serviceFrom: served,
      serviceTo: served,
      adjustments: [{ group: 'CO' as const, reason: '45', amountCents: cents(29_00) }],
      lineControl: `1-${number}-${place + 1}`,
    })),
  });
}
