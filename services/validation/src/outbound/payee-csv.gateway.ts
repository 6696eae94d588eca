import type { Readable } from 'node:stream';
import { CannotProceed } from '@remitflow/kernel';
import { parse, CsvError, type InfoRecord } from 'csv-parse';
import { optionalColumns, requiredColumns, type Cells, type Column } from '../domain/payee-registration.ts';

export type CsvRow =
  | { readonly line: number; readonly cells: Cells }
  | { readonly line: number; readonly problem: { readonly code: string; readonly message: string } };

const recordBytesMax = 64 * 1024;
const columns: readonly string[] = [...requiredColumns, ...optionalColumns];

/**
 * The rows of a payee file, read as they come. Throws `csv.empty` or `csv.header` when it has no header row that can
 * be used; anything wrong further down is a row with a problem.
 */
export async function* readPayeeCsv(bytes: Readable): AsyncGenerator<CsvRow> {
  const skipped: CsvRow[] = [];
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: recordBytesMax,
    skip_records_with_error: true,
    on_skip: (error) => error && void skipped.push(unreadable(error)),
  });
  bytes.on('error', (error) => parser.destroy(error)).pipe(parser);

  let header: readonly Column[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: InfoRecord }>) {
      if (!header) {
        header = readHeader(record);
        continue;
      }
      yield* skipped.splice(0);
      yield toRow(record, header, info.lines);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    skipped.push(unreadable(error));
  }
  if (!header) throw emptyFile();
  yield* skipped;
}

function readHeader(record: readonly string[]): readonly Column[] {
  const names = record.map((name) => name.trim().toLowerCase());
  const unknown = names.find((name) => !columns.includes(name));
  if (unknown !== undefined) {
    throw headerProblem(`There is no column “${printable(unknown)}”; the columns are ${columns.join(', ')}.`);
  }
  const missing = requiredColumns.find((name) => !names.includes(name));
  if (missing) throw headerProblem(`The column “${missing}” is missing.`);
  const repeated = names.find((name, place) => names.indexOf(name) !== place);
  if (repeated !== undefined) throw headerProblem(`The column “${repeated}” comes twice.`);
  return names as Column[];
}

function toRow(record: readonly string[], header: readonly Column[], line: number): CsvRow {
  if (record.length !== header.length) {
    const message = `The row has ${record.length} cells, the header has ${header.length}.`;
    return { line, problem: { code: 'csv.cell-count', message } };
  }
  if (record.some((cell) => unprintable.test(cell))) {
    const message = 'The row has control characters or is not UTF-8.';
    return { line, problem: { code: 'csv.characters', message } };
  }
  const filled = record.flatMap((cell, place) => (cell === '' ? [] : [[header[place]!, cell] as const]));
  return { line, cells: Object.fromEntries(filled) };
}

/** The parser's own message may quote the row, so it is not passed on. */
const unreadable = (error: CsvError): CsvRow => ({
  line: Number((error as { lines?: unknown }).lines ?? 0),
  problem: { code: 'csv.unreadable', message: 'The row cannot be read: look at its quotes and its length.' },
});

const emptyFile = (): CannotProceed =>
  new CannotProceed(
    'csv.empty',
    {},
    { message: 'The file is empty: it needs a header row with column names.' },
  );

const headerProblem = (message: string): CannotProceed => new CannotProceed('csv.header', {}, { message });

/** Control characters, and what undecodable bytes become. */
const unprintable = /[\u0000-\u001f\u007f\ufffd]/;

const printable = (name: string): string => name.replace(/[^\x20-\x7e]/g, '?').slice(0, 40);
