import type { Readable } from 'node:stream';
import { CannotProceed } from '@remitflow/kernel';
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { optionalColumns, requiredColumns, type Cells, type Column } from '../domain/payee-registration.ts';
import { readCsvLines, type CsvLine } from './csv-lines.ts';

export type CsvRow =
  | { readonly line: number; readonly cells: Cells }
  | { readonly line: number; readonly problem: { readonly code: string; readonly message: string } };

const columns: readonly string[] = [...requiredColumns, ...optionalColumns];

/**
 * The rows of a payee file, read as they come. No cell has a line break, so one broken row never hides the next.
 * Throws `csv.empty` or `csv.header` when there is no header row that can be used.
 */
export async function* readPayeeCsv(bytes: Readable): AsyncGenerator<CsvRow> {
  let header: readonly Column[] | undefined;
  try {
    for await (const line of readCsvLines(bytes)) {
      if (line.text?.trim() === '') continue;
      if (header) yield toRow(line, header);
      else header = readHeader(line);
    }
  } finally {
    bytes.resume(); // what is left of an upload is read and forgotten, so that the sender hears the answer
  }
  if (header) return;
  const message = 'The file is empty: it needs a header row with column names.';
  throw new CannotProceed('csv.empty', {}, { message });
}

function readHeader({ text = '' }: CsvLine): readonly Column[] {
  const names = (cutCells(text) ?? [text]).map((name) => name.toLowerCase());
  const unknown = names.findIndex((name) => !columns.includes(name));
  if (unknown !== -1) throw headerProblem(unknownColumn(names, unknown));
  const missing = requiredColumns.find((name) => !names.includes(name));
  if (missing) throw headerProblem(`The column “${missing}” is missing.`);
  const repeated = names.find((name, place) => names.indexOf(name) !== place);
  if (repeated !== undefined) throw headerProblem(`The column “${repeated}” comes twice.`);
  return names as Column[];
}

function toRow({ line, text }: CsvLine, header: readonly Column[]): CsvRow {
  const refuse = (code: string, message: string): CsvRow => ({ line, problem: { code, message } });
  if (text === undefined) return refuse('csv.too-long', 'The row is longer than 64 KiB.');
  if (unprintable.test(text)) {
    return refuse('csv.characters', 'The row has control characters or is not UTF-8.');
  }
  const record = cutCells(text);
  if (!record) return refuse('csv.quotes', 'The quotes of the row do not match.');
  if (record.length !== header.length) {
    return refuse('csv.cell-count', `The row has ${record.length} cells, the header has ${header.length}.`);
  }
  const filled = record.flatMap((cell, place) => (cell === '' ? [] : [[header[place]!, cell] as const]));
  return { line, cells: Object.fromEntries(filled) };
}

/** Undefined when the quotes do not match; the parser's own message is not kept, since it may quote the row. */
function cutCells(text: string): readonly string[] | undefined {
  if (!text.includes('"')) return text.split(',').map((cell) => cell.trim());
  try {
    const [record] = parse(text, { trim: true }) as string[][];
    return record;
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

/** Only what can be nothing but a column's name is repeated: the cell may be one of a payee's, an account number even. */
function unknownColumn(names: readonly string[], place: number): string {
  const known = `the columns are ${columns.join(', ')}.`;
  if (!names.some((name) => columns.includes(name))) {
    return `The file has no header row: its first row names no column; ${known}`;
  }
  const name = names[place]!;
  if (columnName.test(name)) return `There is no column “${name}”; ${known}`;
  return `Cell ${place + 1} of the header row is not the name of a column; ${known}`;
}

const headerProblem = (message: string): CannotProceed => new CannotProceed('csv.header', {}, { message });

/** Control characters, and what undecodable bytes become. */
const unprintable = /[\u0000-\u001f\u007f\ufffd]/;

const columnName = /^[a-z][a-z_]{0,29}\d?$/;
