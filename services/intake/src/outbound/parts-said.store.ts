import type { Database } from '@remitflow/persistence';
import type { Outstanding } from '../domain/room.ts';

/** What this service has said and others have not received: costs as much as the limits allow, however much waits. */
export class PartsSaidStore {
  readonly #database: Pick<Database, 'query'>;

  constructor(database: Pick<Database, 'query'>) {
    this.#database = database;
  }

  async outstanding(limits: Outstanding): Promise<Outstanding> {
    const [row] = await this.#database.query<Outstanding>(outstandingSql, [
      limits.parts,
      limits.facts,
      limits.unpublished,
    ]);
    return row!;
  }
}

/** Deflated: no single request that is not odd is larger, and parts of files that small do no harm. */
const loneBytesMax = 4096;

const outstandingSql = `
  select (select count(*) from (
            select from outbox
            where 'validation' = any(awaiting) and fact_name = 'requests.submitted.v1' and length(body) > ${loneBytesMax}
            order by seq limit $1::int + 1) p)::int as parts,
         (select count(*) from (
            select from outbox where awaiting <> '{}' and published_at is not null
            order by published_at limit $2::int + 1) f)::int
         + least(u.rows, $2::int) as facts,
         u.rows as unpublished
  from (select count(*)::int as rows from (
          select from outbox where published_at is null order by seq limit greatest($2::int, $3::int) + 1) u) u`;
