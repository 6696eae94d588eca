/**
 * Names and addresses in the basic character set of X12: upper case, no accents, and none of the characters that
 * the default delimiters use. What is left is never longer than `lengthMax`.
 */
export function basicText(text: string, lengthMax: number): string {
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
