import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { plainDate } from '@remitflow/kernel';
import { traceNumber, validateAch, writePaymentFile, type PaymentEntry } from '@remitflow/nacha';
import { inLargePieces } from './in-large-pieces.ts';
import { seconds } from './seconds.ts';

export type NachaFigures = {
  readonly entries: number;
  readonly buildSeconds: number;
  readonly readSeconds: number;
  readonly valid: boolean;
  readonly sampleSeconds?: number;
  readonly sampleEntries?: number;
};

/** Builds a file of CCD+ entries, each with its TRN addenda, reads it back and, when there is one, reads a sample. */
export async function payAndRead(entries: number, folder: string, sample?: string): Promise<NachaFigures> {
  const file = join(folder, 'payments.ach');
  const buildSeconds = await seconds(() =>
    pipeline(Readable.from(inLargePieces(paymentFile(entries))), createWriteStream(file)),
  );
  let summary = await validateAch(Buffer.alloc(0));
  const readSeconds = await seconds(async () => {
    summary = await validateAch(createReadStream(file));
  });
  const built = {
    entries: summary.entries,
    buildSeconds,
    readSeconds,
    valid: summary.valid && summary.entries === entries,
  };
  if (!sample) return built;
  const sampleSeconds = await seconds(async () => {
    summary = await validateAch(createReadStream(sample));
  });
  return { ...built, sampleSeconds, sampleEntries: summary.entries };
}

const odfiRouting = '121042882';

const paymentFile = (entries: number): Generator<string> =>
  writePaymentFile({
    immediateDestination: odfiRouting,
    immediateDestinationName: 'FIRST BANK',
    immediateOrigin: '1234567890',
    immediateOriginName: 'REMITFLOW HEALTH PLAN',
    createdAt: { date: plainDate('2026-11-20'), time: '0915' },
    fileIdModifier: 'A',
    companyName: 'REMITFLOW',
    companyId: '1123456789',
    odfiRouting,
    effectiveDate: plainDate('2026-11-24'),
    payments: payments(entries),
  });

function* payments(entries: number): Generator<PaymentEntry> {
  for (let number = 1; number <= entries; number += 1) {
    yield {
      routing: ['021000021', '011401533', '091000019'][number % 3]!,
      account: String(7_000_000_000 + number * 37),
      accountType: number % 4 === 0 ? 'savings' : 'checking',
      amountCents: 100 + ((number * 7_919) % 500_000),
      payeeId: `P${number}`,
      payeeName: `PRACTICE ${number}`,
      traceNumber: traceNumber(odfiRouting, number),
      trnReference: `RF${String(number).padStart(12, '0')}`,
      payerTin: '123456789',
    };
  }
}
