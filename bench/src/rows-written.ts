import type { Table } from './bench.ts';
import { withClient } from './peers.ts';

/** Row versions written per 1,000 claims, by service: what the floor and the product must have about alike. */
export type RowsWritten = Readonly<Record<string, { readonly inserted: number; readonly updated: number }>>;

export type RowsWatch = { stop(claims: number): Promise<RowsWritten> };

/** A connection that does nothing tells what it has written after ten seconds. */
const statisticsWithinMs = 11_000;

/** Counts what is written into the databases of the services from now on. */
export async function watchRows(databases: Readonly<Record<string, string>>): Promise<RowsWatch> {
  const before = await countRows(databases);
  return {
    stop: async (claims) => {
      await new Promise((done) => setTimeout(done, statisticsWithinMs));
      const after = await countRows(databases);
      const perThousand = (service: string, kind: 'inserted' | 'updated'): number =>
        ((after[service]![kind] - before[service]![kind]) * 1000) / claims;
      return Object.fromEntries(
        Object.keys(after).map((service) => [
          service,
          { inserted: perThousand(service, 'inserted'), updated: perThousand(service, 'updated') },
        ]),
      );
    },
  };
}

export const rowsTable = (title: string, written: RowsWritten): Table => ({
  title,
  head: ['service', 'inserted per 1,000 claims', 'updated per 1,000 claims'],
  rows: Object.entries(written).map(([service, { inserted, updated }]) => [service, inserted, updated]),
});

/** Bytes of write-ahead log until now. */
export const walBytes = (url: string): Promise<number> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ bytes: number }>(
      `select (pg_current_wal_insert_lsn() - '0/0')::float8 as bytes`,
    );
    return rows[0]!.bytes;
  });

async function countRows(databases: Readonly<Record<string, string>>): Promise<RowsWritten> {
  const counted: Record<string, RowsWritten[string]> = {};
  for (const [service, url] of Object.entries(databases)) {
    counted[service] = await withClient(url, async (client) => {
      const { rows } = await client.query<RowsWritten[string]>(countSql);
      return rows[0]!;
    });
  }
  return counted;
}

const countSql = `
  select coalesce(sum(n_tup_ins), 0)::float8 as inserted, coalesce(sum(n_tup_upd), 0)::float8 as updated
  from pg_stat_user_tables`;
