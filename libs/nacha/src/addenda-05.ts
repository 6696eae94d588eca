import { digits, is, recordLayout, text, whole } from './record-layout.ts';

/** What the payment is for (record type 7, addenda 05); for CCD+ in healthcare it is the TRN segment. */
export const addenda05 = recordLayout('addenda-05', {
  recordType: is('7'),
  addendaType: is('05'),
  paymentInformation: text(80),
  addendaSequence: whole(4),
  entrySequence: digits(7), // last seven digits of the entry's trace number
});
