/**
 * A PostgreSQL array of what needs no quotes: ids, numbers, days, hexadecimal digits. The driver's own lists look for
 * quotes in every element, which is felt with lists of every claim.
 */
export const arrayLiteral = (elements: readonly (string | number | null | undefined)[]): string =>
  `{${elements.map((element) => element ?? 'null').join(',')}}`;

/** A PostgreSQL array of any texts, null for none. */
export function textArrayLiteral(texts: readonly (string | null)[]): string {
  let written = '';
  for (const text of texts) written += text === null ? ',null' : `,"${escaped(text)}"`;
  return `{${written.slice(1)}}`;
}

const escaped = (text: string): string =>
  text.includes('"') || text.includes('\\') ? text.replace(/["\\]/g, '\\$&') : text;
