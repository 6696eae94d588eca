import { digits, is, recordLayout, text, whole } from './record-layout.ts';

/** One payment to one account (record type 6 of CCD, PPD and most other classes). */
export const entryDetail = recordLayout('entry-detail', {
  recordType: is('6'),
  transactionCode: digits(2), // 22: credit to a checking account
  receivingBank: digits(8),
  checkDigit: digits(1),
  accountNumber: text(17),
  amountCents: whole(10),
  receiverId: text(15),
  receiverName: text(22),
  discretionaryData: text(2),
  addendaFollow: digits(1),
  traceNumber: digits(15),
});
