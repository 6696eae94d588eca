import { plainDate } from '@remitflow/kernel';
import type { PaymentEntry, PaymentFile } from './write-payment-file.ts';

/** One ordinary payment to a practice. Tests name only what matters to them. */
export const aPayment = (change: Partial<PaymentEntry> = {}): PaymentEntry => ({
  routing: '021000021',
  account: '1234567',
  accountType: 'checking',
  amountCents: 123_45,
  payeeId: 'PAYEE-1',
  payeeName: 'DR JANE ROE',
  traceNumber: '121042880000001',
  trnReference: 'PAY0001',
  payerTin: '123456789',
  ...change,
});

/** One ordinary day's file with one payment. */
export const aPaymentFile = (change: Partial<PaymentFile> = {}): PaymentFile => ({
  immediateDestination: '121042882',
  immediateDestinationName: 'FIRST BANK',
  immediateOrigin: '1234567890',
  immediateOriginName: 'ACME HEALTH PLAN',
  createdAt: { date: plainDate('2026-11-22'), time: '0915' },
  fileIdModifier: 'A',
  companyName: 'ACME HEALTH',
  companyId: '1123456789',
  odfiRouting: '121042882',
  effectiveDate: plainDate('2026-11-24'),
  payments: [aPayment()],
  ...change,
});
