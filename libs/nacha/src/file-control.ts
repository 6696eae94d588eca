import { blank, is, recordLayout, whole } from './record-layout.ts';

/** What a file adds up to (record type 9). */
export const fileControl = recordLayout('file-control', {
  recordType: is('9'),
  batchCount: whole(6),
  blockCount: whole(6),
  entryAndAddendaCount: whole(8),
  entryHash: whole(10),
  debitsCents: whole(12),
  creditsCents: whole(12),
  reserved: blank(39),
});

/** Fills the last block of ten; can not be mistaken for a file control, whose batch count would be 999,999. */
export const blockFiller = '9'.repeat(94);
