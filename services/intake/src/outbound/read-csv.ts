import { pipeline } from 'node:stream';
import { Readable } from 'node:stream';
import { CsvError, parse, type Parser } from 'csv-parse';
import { fromRows, readHeader, type Column, type CsvRow } from '../domain/from-rows.ts';
import type { FileFailure, ReadBatch } from '../domain/request.ts';
import { Utf8Check } from './utf8-check.ts';

type Parsed = {
  readonly record: string[];
  readonly info: { readonly bytes: number; readonly lines: number };
};

/** Reads CSV with a header row; rows of one claim stay together, and as many claims as a batch holds. */
export async function* readCsv(source: AsyncIterable<Buffer>): AsyncGenerator<ReadBatch> {
  const charset = new CheckedSource(source);
  const claims = new ClaimRows();
  try {
    for await (const parsed of parserOf(charset.chunks()) as AsyncIterable<Parsed>) {
      const failure = claims.accept(parsed);
      if (failure) return yield { ...claims.taken(), failure };
      if (claims.waiting >= batchClaims) yield claims.taken();
    }
    claims.closeClaim();
    yield claims.taken();
  } catch (error) {
    const failure = charset.failure ?? failureOf(error, claims.byteOffset);
    if (!failure) throw error;
    yield { ...claims.taken(), failure };
  }
}

class ClaimRows {
  #columns: readonly Column[] | undefined;
  #rows: CsvRow[] = [];
  #claims: CsvRow[][] = [];
  #position = 0;
  byteOffset = 0;

  get waiting(): number {
    return this.#claims.length;
  }

  accept({ record, info }: Parsed): FileFailure | undefined {
    const start = this.byteOffset;
    this.byteOffset = info.bytes;
    if (!this.#columns) {
      const columns = readHeader(record);
      if ('code' in columns) return columns;
      this.#columns = columns;
      return undefined;
    }
    if (record.every((cell) => cell.trim() === '')) return undefined;
    const row = rowOf(this.#columns, record, {
      line: info.lines,
      byteOffset: start,
      byteLength: info.bytes - start,
    });
    const [first] = this.#rows;
    if (first && (first.claimId !== row.claimId || row.claimId === '')) this.closeClaim();
    if (this.#rows.length >= rowsOfClaimMax) return tooManyRows(row);
    this.#rows.push(row);
    return undefined;
  }

  closeClaim(): void {
    if (this.#rows.length > 0) this.#claims.push(this.#rows);
    this.#rows = [];
  }

  taken(): ReadBatch {
    const claims = this.#claims;
    const before = this.#position;
    this.#claims = [];
    this.#position += claims.length;
    return {
      count: claims.length,
      requests: () => claims.map((rows, index) => fromRows(rows, before + index + 1)),
    };
  }
}

function rowOf(
  columns: readonly Column[],
  record: readonly string[],
  at: { line: number; byteOffset: number; byteLength: number },
): CsvRow {
  const texts = record.map((cell) => cell.trim());
  const claimId = texts[columns.indexOf('claim_id')] ?? '';
  const fits = record.length === columns.length;
  const cells = fits
    ? Object.fromEntries(columns.map((column, place) => [column, texts[place]!]))
    : undefined;
  return { ...at, cells, claimId };
}

const tooManyRows = ({ line, byteOffset }: CsvRow): FileFailure => ({
  code: 'csv.claim-too-long',
  message: `More than ${rowsOfClaimMax} rows that follow each other have the same claim_id.`,
  byteOffset,
  line,
});

function parserOf(chunks: AsyncIterable<Buffer>): Parser {
  const parser = parse({
    bom: true,
    info: true,
    delimiter: ',',
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: recordBytesMax,
  });
  pipeline(Readable.from(chunks), parser, () => undefined); // errors come out of the parser
  return parser;
}

/** Hands chunks on until one is not UTF-8. */
class CheckedSource {
  readonly #source: AsyncIterable<Buffer>;
  failure: FileFailure | undefined;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source;
  }

  async *chunks(): AsyncGenerator<Buffer> {
    const check = new Utf8Check();
    for await (const chunk of this.#source) {
      this.failure = check.push(chunk);
      if (this.failure) throw new Error(this.failure.code);
      yield chunk;
    }
    this.failure = check.end();
    if (this.failure) throw new Error(this.failure.code);
  }
}

function failureOf(error: unknown, byteOffset: number): FileFailure | undefined {
  if (!(error instanceof CsvError)) return undefined;
  const line = Number((error as { lines?: unknown }).lines);
  return {
    code: sentences[error.code]
      ? error.code.replace(/^CSV_/, 'csv.').toLowerCase().replaceAll('_', '-')
      : 'csv.malformed',
    message: sentences[error.code] ?? 'The file is not CSV at this place.',
    byteOffset,
    ...(Number.isInteger(line) ? { line } : {}),
  };
}

const sentences: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'A quotation mark that opens a cell is never closed: the file ends inside it.',
  CSV_INVALID_CLOSING_QUOTE: 'Something follows the quotation mark that closes a cell.',
  INVALID_OPENING_QUOTE: 'A quotation mark stands inside a cell that does not begin with one.',
  CSV_MAX_RECORD_SIZE: 'A row is longer than any row can be: a quotation mark may be missing.',
};

const batchClaims = 500;
const rowsOfClaimMax = 999;
const recordBytesMax = 64 * 1024;
