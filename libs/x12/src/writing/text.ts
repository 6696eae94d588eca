/**
 * Names and addresses in the basic character set of X12: upper case, no accents, and none of the characters that
 * the default delimiters use. What is left is never longer than `lengthMax`.
 */
export function basicText(text: string, lengthMax: number): string {
  if (text.length <= lengthMax && isBasic.test(text)) return text;
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9 !"&'()+,\-./;?=]/g, ' ')
    .replace(/ +/g, ' ')
    .trim()
    .slice(0, lengthMax)
    .trimEnd();
}

/** Words of the basic character set with single blanks between them: nothing is to be done. */
const isBasic = /^[A-Z0-9!"&'()+,\-./;?=]+(?: [A-Z0-9!"&'()+,\-./;?=]+)*$/;
