/**
 * A PostgreSQL array of what needs no quotes: ids, numbers, days, hexadecimal digits. The driver's own lists look for
 * quotes in every element, which is felt with lists of every claim.
 */
export const arrayLiteral = (elements: readonly (string | number | null | undefined)[]): string =>
  `{${elements.map((element) => element ?? 'null').join(',')}}`;
