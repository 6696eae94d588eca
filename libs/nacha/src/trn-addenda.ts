import { BrokenInvariant } from '@remitflow/kernel';

export type TrnAddenda = {
  /** TRN02: the same text stands in the 835, and ties the money to its explanation. */
  readonly reference: string;
  /** TRN03 without the leading 1: the payer's nine-digit tax id. */
  readonly payerTin: string;
  /** TRN04, when a payer's own sub-code is wanted. */
  readonly originatorCode?: string;
};

/** The implementation guide's limit; some bank portals show only the first 30. */
export const trnReferenceLengthMax = 50;

/** `TRN*1*<reference>*1<payer TIN>~`, the one addenda of a healthcare CCD+ entry (CORE 370, Nacha healthcare EFT). */
export function trnAddenda(trn: TrnAddenda): string {
  if (!/^[0-9A-Za-z][0-9A-Za-z ._/-]*$/.test(trn.reference) || trn.reference.length > trnReferenceLengthMax) {
    throw new BrokenInvariant('nacha.trn-reference', { length: trn.reference.length });
  }
  if (!/^\d{9}$/.test(trn.payerTin)) throw new BrokenInvariant('nacha.trn-payer-tin');
  const fourth = trn.originatorCode === undefined ? '' : `*${trn.originatorCode}`;
  return `TRN*1*${trn.reference}*1${trn.payerTin}${fourth}~`;
}

/** Reads the TRN segment of an addenda, whatever ends it; undefined when it is not one. */
export function parseTrnAddenda(paymentInformation: string): TrnAddenda | undefined {
  const match = /^TRN\*1\*([^*~\\]{1,50})\*1(\d{9})(?:\*([^*~\\]*))?[~\\]?\s*$/.exec(paymentInformation);
  if (match === null) return undefined;
  const [, reference = '', payerTin = '', originatorCode] = match;
  return originatorCode ? { reference, payerTin, originatorCode } : { reference, payerTin };
}
