import { blank, digits, is, recordLayout, text, whole } from './record-layout.ts';

/** One payment with up to 9,999 addenda (record type 6 of CTX). */
export const entryDetailCtx = recordLayout('entry-detail-ctx', {
  recordType: is('6'),
  transactionCode: digits(2),
  receivingBank: digits(8),
  checkDigit: digits(1),
  accountNumber: text(17),
  amountCents: whole(10),
  receiverId: text(15),
  addendaCount: whole(4),
  receiverName: text(16),
  reserved: blank(2),
  discretionaryData: text(2),
  addendaFollow: digits(1),
  traceNumber: digits(15),
});
