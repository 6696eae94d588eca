/**
 * A PostgreSQL array of what needs no quotes: ids, numbers. The driver's own lists look for quotes in every element,
 * which is felt with lists of every claim.
 */
export const arrayLiteral = (elements: readonly (string | number | null | undefined)[]): string => {
  let literal = '';
  for (const element of elements) literal += literal === '' ? (element ?? 'null') : `,${element ?? 'null'}`;
  return `{${literal}}`;
};

/** A PostgreSQL array of texts, whatever they are. */
export const textArrayLiteral = (texts: readonly string[]): string => {
  let literal = '';
  for (const text of texts) literal += `${literal === '' ? '' : ','}"${escaped(text)}"`;
  return `{${literal}}`;
};

const escaped = (text: string): string =>
  text.includes('"') || text.includes('\\') ? text.replace(/["\\]/g, String.raw`\$&`) : text;
