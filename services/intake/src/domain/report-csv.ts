import type { RejectionLine } from './report.ts';

const columns = [
  ...['claimId', 'requestId', 'position', 'billedCents', 'ruleId', 'ruleVersion', 'field', 'message'],
  ...[
    'loop',
    'segment',
    'element',
    'component',
    'segmentOrdinal',
    'line',
    'column',
    'byteOffset',
    'duplicateOf',
  ],
] as (keyof RejectionLine)[];

export const csvHeader = `${columns.join(',')}\r\n`;

export const csvLine = (line: RejectionLine): string =>
  `${columns.map((column) => csvCell(line[column])).join(',')}\r\n`;

/** A cell that spreadsheets show and never run: text that they would take for a formula gets an apostrophe. */
export function csvCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r|%]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
