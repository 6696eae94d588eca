import { parseCompactDate, parseDollars, parsePlainDate } from '@remitflow/kernel';
import { fitRequest } from './fit-request.ts';
import type { CsvPlaces } from './places.ts';
import type { Fault, FileFailure, ReadRequest } from './request.ts';
import { cutText } from './storable-text.ts';

/** One row is one service line; rows with the same claim_id that follow each other are one claim. */
export const requiredColumns = [
  ...['claim_id', 'npi', 'tax_id', 'member_id', 'last_name', 'first_name', 'birth_date'],
  ...['service_from', 'procedure', 'charge', 'diagnoses'],
] as const;

export const optionalColumns = [
  ...['service_to', 'modifiers', 'units', 'place_of_service', 'payer_id', 'frequency'],
] as const;

export type Column = (typeof requiredColumns)[number] | (typeof optionalColumns)[number];

export type CsvRow = {
  /** By column, without blanks around; undefined when the row does not have as many cells as the header. */
  readonly cells: Readonly<Partial<Record<Column, string>>> | undefined;
  /** The first cell whatever the row looks like. */
  readonly claimId: string;
  readonly line: number;
  readonly byteOffset: number;
  readonly byteLength: number;
};

/** The columns in their order, or what is wrong with the header row. */
export function readHeader(cells: readonly string[]): readonly Column[] | FileFailure {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const known: readonly string[] = [...requiredColumns, ...optionalColumns];
  const unknown = names.filter((name) => !known.includes(name));
  const missing = requiredColumns.filter((name) => !names.includes(name));
  const repeated = names.filter((name, place) => names.indexOf(name) !== place);
  const says = (list: readonly string[]): string =>
    list
      .map((name) => `"${cutText(name, 40)}"`)
      .slice(0, 10)
      .join(', ');
  const fail = (code: string, message: string): FileFailure => ({ code, message, byteOffset: 0, line: 1 });
  if (unknown.length > 0) {
    return fail(
      'csv.unknown-column',
      `The header row has columns that are not known here: ${says(unknown)}.`,
    );
  }
  if (missing.length > 0)
    return fail('csv.missing-column', `The header row lacks the columns ${says(missing)}.`);
  if (repeated.length > 0) return fail('csv.repeated-column', `The header row repeats ${says(repeated)}.`);
  return names as Column[];
}

/** The rows of one claim as a request. */
export function fromRows(rows: readonly CsvRow[], position: number): ReadRequest {
  const [first] = rows as readonly [CsvRow];
  const last = rows.at(-1)!;
  const faults: Fault[] = rows.flatMap((row, index) => (row.cells ? [] : [wrongCellCount(row, index)]));
  const cells = (row: CsvRow): Partial<Record<Column, string>> => row.cells ?? {};
  const head = cells(rows.find((row) => row.cells) ?? first);
  const lines = rows.map((row, index) => lineOf(cells(row), index, faults));
  const charges = lines.map((line) => line.chargeCents);
  const days = (member: 'serviceFrom' | 'serviceTo'): string[] =>
    lines.map((line) => line[member]).filter((day) => day !== undefined);
  const raw = {
    claimId: cutText(first.claimId, claimIdLengthMax),
    frequency: head.frequency || '1',
    facilityCode: head.place_of_service,
    billingProvider: { npi: head.npi, taxId: head.tax_id?.replace(/\D/g, '') },
    subscriber: {
      memberId: head.member_id,
      lastName: head.last_name,
      firstName: head.first_name,
      birthDate: dayOf(head.birth_date, 'subscriber.birthDate', faults),
    },
    payerId: head.payer_id,
    billedCents: charges.every((charge) => charge !== undefined)
      ? charges.reduce((sum, charge) => sum + charge, 0)
      : undefined,
    diagnoses: wordsOf(head.diagnoses),
    serviceFrom: days('serviceFrom').sort()[0],
    serviceTo: days('serviceTo').sort().at(-1),
    lines,
  };
  const places: CsvPlaces = { rows: rows.map((row) => [row.line, row.byteOffset]) };
  return {
    position,
    request: fitRequest(raw, 'csv', faults),
    byteOffset: first.byteOffset,
    byteLength: last.byteOffset + last.byteLength - first.byteOffset,
    ordinal: first.line,
    places,
  };
}

type RawLine = { chargeCents?: number; serviceFrom?: string; serviceTo?: string };

function lineOf(cells: Partial<Record<Column, string>>, index: number, faults: Fault[]): RawLine {
  const field = `lines.${index}`;
  const from = dayOf(cells.service_from, `${field}.serviceFrom`, faults);
  return {
    ...{ lineNumber: index + 1, procedureQualifier: 'HC', unitBasis: 'UN', procedure: cells.procedure },
    modifiers: wordsOf(cells.modifiers),
    chargeCents: chargeOf(cells.charge, `${field}.chargeCents`, faults),
    units: unitsOf(cells.units, `${field}.units`, faults),
    placeOfService: cells.place_of_service,
    serviceFrom: from,
    serviceTo: cells.service_to ? dayOf(cells.service_to, `${field}.serviceTo`, faults) : from,
  } as RawLine;
}

function chargeOf(cell: string | undefined, field: string, faults: Fault[]): number | undefined {
  if (!cell) return undefined;
  const amount = parseDollars(cell.replace(/^\$/, ''));
  if (amount !== undefined && amount >= 0) return amount;
  faults.push({
    code: 'csv.charge',
    field,
    message: 'The charge is not an amount of dollars such as 125.00.',
  });
  return undefined;
}

function unitsOf(cell: string | undefined, field: string, faults: Fault[]): string | undefined {
  if (!cell) return '1';
  if (/^\d{1,10}(\.\d{1,4})?$/.test(cell)) return cell;
  faults.push({ code: 'csv.units', field, message: 'The number of units is not a number.' });
  return undefined;
}

/** YYYY-MM-DD, YYYYMMDD, or MM/DD/YYYY as spreadsheets write it. */
function dayOf(cell: string | undefined, field: string, faults: Fault[]): string | undefined {
  if (!cell) return undefined;
  const [, month = '', day = '', year = ''] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(cell) ?? [];
  const text = year ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : cell;
  const read = parsePlainDate(text) ?? parseCompactDate(text);
  if (read) return read;
  faults.push({
    code: 'csv.day',
    field,
    message: 'The date is not a day of the calendar (write YYYY-MM-DD).',
  });
  return undefined;
}

const wordsOf = (cell: string | undefined): string[] =>
  (cell ?? '').split(/[\s;:|]+/).filter((word) => word !== '');

const wrongCellCount = (row: CsvRow, index: number): Fault => ({
  code: 'csv.cells',
  field: `lines.${index}`,
  message: `Row ${row.line} does not have as many cells as the header row: is a quotation mark or a comma missing?`,
});

const claimIdLengthMax = 80;
