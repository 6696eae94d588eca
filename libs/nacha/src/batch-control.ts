import { blank, digits, is, recordLayout, text, whole } from './record-layout.ts';

/** What a batch adds up to (record type 8). */
export const batchControl = recordLayout('batch-control', {
  recordType: is('8'),
  serviceClass: digits(3),
  entryAndAddendaCount: whole(6),
  entryHash: whole(10),
  debitsCents: whole(12),
  creditsCents: whole(12),
  companyId: text(10),
  authenticationCode: text(19),
  reserved: blank(6),
  odfi: digits(8),
  batchNumber: digits(7),
});
