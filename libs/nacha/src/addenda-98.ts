import { blank, digits, is, recordLayout, text } from './record-layout.ts';

/** A notice of change: the payee's bank asks for other account details next time (SEC code COR). */
export const addenda98 = recordLayout('addenda-98', {
  recordType: is('7'),
  addendaType: is('98'),
  changeCode: text(3), // C01–C13
  originalTrace: digits(15),
  reserved: blank(6),
  originalBank: digits(8),
  correctedData: text(29),
  reserved2: blank(15),
  traceNumber: digits(15),
});

/** A refused notice of change: the originator answers that the notice itself was wrong (C61–C69). */
export const addenda98Refused = recordLayout('addenda-98-refused', {
  recordType: is('7'),
  addendaType: is('98'),
  refusalCode: text(3),
  originalTrace: digits(15),
  reserved: blank(6),
  originalBank: digits(8),
  correctedData: text(29),
  changeCode: text(3),
  noticeSequence: text(7), // last seven digits of the notice's trace number
  reserved2: blank(5),
  traceNumber: digits(15),
});
