import { blank, digits, is, recordLayout, text, whole } from './record-layout.ts';

/** One international payment (record type 6 of IAT); names and addresses follow in addenda 10–18. */
export const entryDetailIat = recordLayout('entry-detail-iat', {
  recordType: is('6'),
  transactionCode: digits(2),
  receivingBank: digits(8),
  checkDigit: digits(1),
  addendaCount: whole(4),
  reserved: blank(13),
  amountCents: whole(10),
  accountNumber: text(35),
  reserved2: blank(2),
  gatewayScreening: text(1),
  secondaryScreening: text(1),
  addendaFollow: digits(1),
  traceNumber: digits(15),
});
