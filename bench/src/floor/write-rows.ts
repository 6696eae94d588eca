import type pg from 'pg';
import type { Rows } from './tables.ts';

export const writings = ['unnest', 'copy'] as const;
export type Writing = (typeof writings)[number];

/** Rows of one table in one statement, either way. */
export const writeRows = (client: pg.Client, rows: Rows, writing: Writing): Promise<unknown> =>
  rows.count === 1
    ? insertRow(client, rows)
    : writing === 'copy'
      ? copyRows(client, rows)
      : unnestRows(client, rows);

/** A row of its own is large: its bytes go as they are. */
function insertRow(client: pg.Client, { table, columns, values }: Rows): Promise<unknown> {
  const names = columns.map(([name]) => name).join(', ');
  const places = columns.map(([, type], place) => `$${place + 1}::${type}`).join(', ');
  const text = `insert into ${table} (${names}) values (${places})`;
  const single = values.map((value) => (Array.isArray(value) ? (value as unknown[])[0] : value));
  return client.query({ name: `floor one of ${table}`, text, values: single });
}

function unnestRows(client: pg.Client, { table, columns, values }: Rows): Promise<unknown> {
  const parameters: unknown[] = [];
  const lists: string[] = [];
  const selected = columns.map(([, type], place) => {
    parameters.push(values[place]);
    if (!Array.isArray(values[place])) return `$${parameters.length}::${type}`;
    lists.push(`$${parameters.length}::${type}[]`);
    return `u.c${lists.length}`;
  });
  const aliases = lists.map((_, place) => `c${place + 1}`).join(', ');
  const text =
    `insert into ${table} (${columns.map(([name]) => name).join(', ')}) ` +
    `select ${selected.join(', ')} from unnest(${lists.join(', ')}) as u(${aliases})`;
  return client.query({ name: `floor ${table}`, text, values: parameters });
}

function copyRows(client: pg.Client, { table, columns, values, count }: Rows): Promise<unknown> {
  let text = '';
  for (let row = 0; row < count; row += 1) {
    for (let place = 0; place < columns.length; place += 1) {
      const column = values[place]!;
      const value = Array.isArray(column) ? (column as readonly unknown[])[row] : column;
      text += `${place === 0 ? '' : '\t'}${escaped(String(value))}`;
    }
    text += '\n';
  }
  const sql = `copy ${table} (${columns.map(([name]) => name).join(', ')}) from stdin`;
  return new Promise((done, fail) => client.query(new CopyIn(sql, { text, done, fail }) as never));
}

/** A backslash begins an escape in COPY's text; of our values only those of bytea hold one. */
const escaped = (value: string): string => (value.includes('\\') ? value.replaceAll('\\', '\\\\') : value);

type Wire = {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
};
type Copied = { readonly text: string; done(nothing?: unknown): void; fail(error: Error): void };

/** COPY FROM STDIN in the protocol's own steps; pg itself only refuses it. */
class CopyIn {
  #error: Error | undefined;

  constructor(
    private readonly sql: string,
    private readonly copied: Copied,
  ) {}

  submit(connection: Wire): void {
    connection.query(this.sql);
  }

  handleCopyInResponse(connection: Wire): void {
    connection.sendCopyFromChunk(Buffer.from(this.copied.text));
    connection.endCopyFrom();
  }

  handleError(error: Error): void {
    this.#error = error;
    this.copied.fail(error);
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    if (!this.#error) this.copied.done();
  }
}
