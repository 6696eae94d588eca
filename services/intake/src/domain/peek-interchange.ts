import { isaLength, readDelimiters } from '@remitflow/x12';
import type { Interchange } from './request.ts';
import { storableText } from './storable-text.ts';

/** Who sent the interchange that a file begins with, and its number; undefined when its ISA cannot be read. */
export function peekInterchange(firstBytes: Uint8Array): Interchange | undefined {
  const text = Buffer.from(firstBytes).toString('latin1');
  const start = text.indexOf('ISA');
  if (start === -1) return undefined;
  const isa = text.slice(start, start + isaLength);
  const delimiters = readDelimiters(isa, start);
  if ('code' in delimiters) return undefined;
  const elements = isa.split(delimiters.element).map((element) => element.trim());
  return interchangeOf({
    senderQualifier: elements[5]!,
    senderId: elements[6]!,
    controlNumber: elements[13]!,
    usage: elements[15] === 'T' ? 'T' : 'P',
    byteOffset: start,
  });
}

export const interchangeOf = (isa: {
  senderQualifier: string;
  senderId: string;
  controlNumber: string;
  usage: 'P' | 'T';
  byteOffset: number;
}): Interchange => ({
  sender: storableText(`${isa.senderQualifier}*${isa.senderId}`, isaLength),
  controlNumber: storableText(isa.controlNumber, isaLength),
  usage: isa.usage,
  byteOffset: isa.byteOffset,
});

/** Where an element of an ISA stands: its elements have fixed widths, and a mark before each. */
export const placeInIsa = (isa: Interchange, element: 13 | 15) => ({
  ...{ segment: 'ISA', element },
  byteOffset: isa.byteOffset + isaElementOffsets[element],
});

const isaElementOffsets = { 13: 90, 15: 102 } as const;
