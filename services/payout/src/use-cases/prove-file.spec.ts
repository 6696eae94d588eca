import { describe, expect, it } from '@jest/globals';
import { plainDate } from '@remitflow/kernel';
import { writePaymentFile } from '@remitflow/nacha';
import type { StoredPayment } from '../domain/cycle.ts';
import { entryLine } from '../domain/form-payments.ts';
import { proveFile } from './prove-file.ts';

const aPayment = (n: number, change: Partial<StoredPayment> = {}): StoredPayment => ({
  paymentId: `p${n}`,
  payeeId: `e${n}`,
  accountId: `a${n}`,
  amountCents: n * 100,
  requestCount: 1,
  traceNumber: `09100001000000${n}`,
  trnReference: `09100001000000${n}`,
  entryLine: entryLine(n - 1),
  receiverId: '1234567893',
  receiverName: 'PRACTICE',
  routingNumber: '021000021',
  accountType: 'checking',
  lastDigits: '4567',
  encryptedNumber: '',
  ...change,
});

const stored = [1, 2, 3].map((n) => aPayment(n));

const fileOf = (payments: readonly StoredPayment[]): string =>
  [
    ...writePaymentFile({
      immediateDestination: '091000019',
      immediateDestinationName: 'BANK',
      immediateOrigin: '1841234567',
      immediateOriginName: 'PLAN',
      createdAt: { date: plainDate('2026-11-23'), time: '1600' },
      fileIdModifier: 'A',
      companyName: 'PLAN',
      companyId: '1841234567',
      odfiRouting: '091000019',
      effectiveDate: plainDate('2026-11-24'),
      payments: payments.map(({ routingNumber, receiverId, receiverName, ...payment }) => ({
        ...payment,
        routing: routingNumber,
        account: '1234567',
        payeeId: receiverId,
        payeeName: receiverName,
        payerTin: '841234567',
      })),
    }),
  ].join('');

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, 'latin1');
}

describe('the proof of a file', () => {
  it('gives the credits of a file that pays exactly these payments', async () => {
    expect(await proveFile(streamOf(fileOf(stored)), stored)).toEqual({ creditsCents: 600 });
  });

  it.each([
    ['another amount', fileOf([aPayment(1), aPayment(2, { amountCents: 201 }), aPayment(3)])],
    ['a payment too few', fileOf(stored.slice(0, 2))],
    ['a payment too many', fileOf([...stored, aPayment(4)])],
    ['another trace', fileOf([aPayment(1), aPayment(2), aPayment(4, { amountCents: 300 })])],
    ['another reference', fileOf([aPayment(1, { trnReference: 'X' }), aPayment(2), aPayment(3)])],
    ['another bank', fileOf([aPayment(1, { routingNumber: '121042882' }), aPayment(2), aPayment(3)])],
    ['a changed byte', fileOf(stored).replace('0000000200', '0000000300')],
    ['half of it', fileOf(stored).slice(0, 400)],
    ['nothing', ''],
  ])('refuses %s', async (_, text) => {
    await expect(proveFile(streamOf(text), stored)).rejects.toThrow(/file\.(not-valid|other-payment)/);
  });
});
