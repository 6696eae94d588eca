import { describe, expect, it } from '@jest/globals';
import { plainDate } from '@remitflow/kernel';
import { aPaymentFile, aPayment } from './payment-file.builder.ts';
import { traceNumber, writePaymentFile } from './write-payment-file.ts';

const linesOf = (file: Parameters<typeof writePaymentFile>[0]): string[] =>
  [...writePaymentFile(file)].join('').split('\n').slice(0, -1);

describe('a payment file', () => {
  it('reads as the bank expects it, column by column', () => {
    const payments = [
      aPayment(),
      aPayment({
        accountType: 'savings',
        amountCents: 5,
        routing: '231380104',
        traceNumber: '121042880000002',
      }),
    ];
    expect(linesOf(aPaymentFile({ payments }))).toEqual([
      '101 12104288212345678902611220915A094101FIRST BANK             ACME HEALTH PLAN               ',
      '5220ACME HEALTH                         1123456789CCDHCCLAIMPMT      261124   1121042880000001',
      '6220210000211234567          0000012345PAYEE-1        DR JANE ROE             1121042880000001',
      '705TRN*1*PAY0001*1123456789~                                                       00010000001',
      '6322313801041234567          0000000005PAYEE-1        DR JANE ROE             1121042880000002',
      '705TRN*1*PAY0001*1123456789~                                                       00010000002',
      '82200000040025238012000000000000000000012350' + '1123456789                         121042880000001',
      '9000001000001000000040025238012000000000000000000012350                                       ',
      '9'.repeat(94),
      '9'.repeat(94),
    ]);
  });

  it('is as long when it fills a block exactly', () => {
    const payments = [1, 2, 3].map((n) => aPayment({ traceNumber: traceNumber('121042882', n) }));
    expect(linesOf(aPaymentFile({ payments }))).toHaveLength(10);
  });

  it.each([
    ['nacha.empty-file', { payments: [] }],
    ['nacha.immediate-origin', { immediateOrigin: '123' }],
    ['nacha.immediate-destination', { immediateDestination: '121042883' }],
    ['nacha.file-id-modifier', { fileIdModifier: 'a' }],
    ['nacha.creation-time', { createdAt: { date: plainDate('2026-11-22'), time: '2460' } }],
    ['nacha.company-name', { companyName: '0000000000' }],
    ['nacha.field-does-not-fit', { companyName: 'SEVENTEEN LETTERS' }],
    ['nacha.company-id', { companyId: '123456789' }],
    ['nacha.odfi-routing', { odfiRouting: '000000000' }],
    ['nacha.trace-not-ascending', { payments: [aPayment(), aPayment()] }],
    ['nacha.trace-number', { payments: [aPayment({ traceNumber: '021000020000001' })] }],
    ['nacha.payee-routing', { payments: [aPayment({ routing: '021000012' })] }],
    ['nacha.payee-account', { payments: [aPayment({ account: '12345678901234567X' })] }],
    ['nacha.payee-name', { payments: [aPayment({ payeeName: ' ' })] }],
    ['nacha.field-does-not-fit', { payments: [aPayment({ payeeName: 'JOSÉ' })] }],
    ['nacha.field-does-not-fit', { payments: [aPayment({ payeeId: 'SIXTEENCHARACTER' })] }],
    ['nacha.amount-not-positive', { payments: [aPayment({ amountCents: 0 })] }],
    ['nacha.amount-too-large', { payments: [aPayment({ amountCents: 10_000_000_000 })] }],
    ['nacha.trn-reference', { payments: [aPayment({ trnReference: 'A*B' })] }],
    ['nacha.trn-payer-tin', { payments: [aPayment({ payerTin: '12-345678' })] }],
  ])('refuses to be written wrong: %s', (code, change) => {
    expect(() => linesOf(aPaymentFile(change))).toThrow(code);
  });
});
