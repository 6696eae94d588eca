import { digits, is, recordLayout, text } from './record-layout.ts';

/** Who pays, what for and when: the head of one batch (record type 5). */
export const batchHeader = recordLayout('batch-header', {
  recordType: is('5'),
  serviceClass: digits(3), // 200 mixed, 220 credits, 225 debits, 280 advices
  companyName: text(16), // what the payee reads on the statement
  discretionaryData: text(20),
  companyId: text(10), // often 1 and the tax id
  secCode: text(3), // standard entry class: CCD, PPD, CTX, COR …
  entryDescription: text(10), // HCCLAIMPMT for healthcare payments
  descriptiveDate: text(6),
  effectiveDate: text(6), // YYMMDD; returns leave it blank or zero
  settlementDate: text(3), // day of the year, filled by the operator
  originatorStatus: text(1), // 1 bank, 2 federal agency
  odfi: digits(8), // originating bank without check digit
  batchNumber: digits(7),
});
