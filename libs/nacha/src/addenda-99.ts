import { blank, digits, is, recordLayout, text } from './record-layout.ts';

/** A returned entry (R01–R39, R80–R85). */
export const addenda99 = recordLayout('addenda-99', {
  recordType: is('7'),
  addendaType: is('99'),
  returnCode: text(3),
  originalTrace: digits(15),
  dateOfDeath: text(6), // R14 and R15 only
  originalBank: text(8),
  addendaInformation: text(44),
  traceNumber: digits(15),
});

/** A return we refuse because it came late, twice or to the wrong bank (R61–R70). */
export const addenda99Dishonored = recordLayout('addenda-99-dishonored', {
  recordType: is('7'),
  addendaType: is('99'),
  returnCode: text(3),
  originalTrace: digits(15),
  reserved: blank(6),
  originalBank: text(8),
  reserved2: blank(3),
  returnTrace: text(15),
  returnSettlement: text(3), // day of the year
  originalReturnCode: text(2), // the digits of the Rnn that is refused
  addendaInformation: text(21),
  traceNumber: digits(15),
});

/** The bank stands by its return (R71–R77). */
export const addenda99Contested = recordLayout('addenda-99-contested', {
  recordType: is('7'),
  addendaType: is('99'),
  returnCode: text(3),
  originalTrace: digits(15),
  dateReturned: text(6),
  originalBank: text(8),
  originalSettlement: text(3),
  returnTrace: text(15),
  returnSettlement: text(3),
  originalReturnCode: text(2),
  dishonoredTrace: text(15),
  dishonoredSettlement: text(3),
  dishonoredCode: text(2),
  reserved: blank(1),
  traceNumber: digits(15),
});
