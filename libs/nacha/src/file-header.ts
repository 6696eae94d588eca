import { digits, is, recordLayout, text } from './record-layout.ts';

/** Who sends this file to which bank, and when it was made (record type 1). */
export const fileHeader = recordLayout('file-header', {
  recordType: is('1'),
  priorityCode: digits(2), // always 01
  immediateDestination: text(10), // a blank and the bank's routing number
  immediateOrigin: text(10), // a blank and a routing number, or a ten-character id the bank gave out
  creationDate: digits(6), // YYMMDD
  creationTime: text(4), // HHMM, or blank
  fileIdModifier: text(1), // tells files of one day apart
  recordSize: digits(3), // always 094
  blockingFactor: digits(2), // always 10
  formatCode: digits(1), // always 1
  immediateDestinationName: text(23),
  immediateOriginName: text(23),
  referenceCode: text(8),
});
