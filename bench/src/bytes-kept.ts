import type { Table } from './bench.ts';
import { withClient } from './peers.ts';

/**
 * What the product keeps deflated or packed, beside its rows: facts as audit has stored them, and bytes in rows. The floor
 * writes chance of the same lengths (floor/bodies.ts).
 */
export type BytesKept = Readonly<Record<string, Kept>>;

type Kept = {
  /** Messages or rows, per 1,000 claims. */
  readonly numberPer1000: number;
  readonly meanBytes: number;
};

/** Of everything in the databases of the services, which so many claims have led to. */
export async function bytesKept(databaseOf: (service: string) => string, claims: number): Promise<BytesKept> {
  const kept: Record<string, Kept> = {};
  for (const [service, sql] of Object.entries(keptSql)) {
    const rows = await withClient(databaseOf(service), async (client) => {
      const found = await client.query<{ what: string; number: number; bytes: number }>(sql);
      return found.rows;
    });
    for (const { what, number, bytes } of rows)
      kept[what] = { numberPer1000: (number * 1000) / claims, meanBytes: bytes / number };
  }
  return kept;
}

export const bytesTable = (title: string, kept: BytesKept): Table => ({
  title,
  head: ['what', 'number per 1,000 claims', 'bytes of each', 'bytes a claim'],
  rows: Object.entries(kept).map(([what, { numberPer1000, meanBytes }]) => [
    what,
    numberPer1000,
    meanBytes,
    (numberPer1000 * meanBytes) / 1000,
  ]),
});

const figuresOf = (column: string): string =>
  `count(*)::float8 as number, sum(octet_length(${column}))::float8 as bytes`;

/** Lengths of bytes that are stored apart are known without reading them. */
const keptSql: Readonly<Record<string, string>> = {
  audit: `
    select regexp_replace(type, '^.*\\m((requests|payouts|remittances)\\..*)$', '\\1') as what, ${figuresOf('body')}
    from events where type ~ '\\m(requests|payouts|remittances)\\.' group by 1 order by 1`,
  intake: `select 'places (intake)' as what, ${figuresOf('places')} from request_parts`,
  validation: `
    select 'lines (validation)' as what, ${figuresOf('packed_lines')} from decisions where packed_lines is not null`,
  remittance: `select 'claims (remittance)' as what, ${figuresOf('claims')} from decided_parts`,
};
