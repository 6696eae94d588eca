import { arrayLiteral, type Transaction } from '@remitflow/persistence';
import type { WrittenPage } from '../domain/remittance.ts';
import { packJson, unpackJson } from './claim-pack.ts';

/** What an 835 says of each request, on its way from the file to those who asked. */
export class WrittenPageStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** Keeps a page until it can be said. */
  async keep(remittanceId: string, number: number, page: WrittenPage): Promise<void> {
    await this.#tx.execute(
      `insert into remittance_pages (remittance_id, page, results) values ($1, $2, $3)
       on conflict (remittance_id, page) do update set results = excluded.results`,
      [remittanceId, number, packJson(page)],
    );
  }

  /** The first page of those kept, which goes with that; and whether it was the last. */
  async next(remittanceId: string): Promise<{ page: WrittenPage; isLast: boolean } | undefined> {
    const [next] = await this.#tx.query<{ results: Buffer; isLast: boolean }>(
      `delete from remittance_pages
        where remittance_id = $1 and page = (select min(page) from remittance_pages where remittance_id = $1)
       returning results,
         not exists (select from remittance_pages later
                      where later.remittance_id = $1 and later.page > remittance_pages.page) as "isLast"`,
      [remittanceId],
    );
    return next && { page: unpackJson(next.results) as WrittenPage, isLast: next.isLast };
  }

  /** From now on people find where each of its requests is explained. */
  async explain(remittanceId: string, { parts }: WrittenPage): Promise<void> {
    await this.#tx.execute(
      `insert into explained_parts (part_id, remittance_id, places, paid_cents, byte_offsets, segment_ordinals)
       select part_id, $1, case when is_partial then ($6::smallint[])[begins:ends] end, ($7::bigint[])[begins:ends],
              ($8::bigint[])[begins:ends], ($9::int[])[begins:ends]
         from unnest($2::bigint[], $3::boolean[], $4::int[], $5::int[]) as given (part_id, is_partial, begins, ends)`,
      [
        remittanceId,
        arrayLiteral(parts.map((part) => part.partId)),
        arrayLiteral(parts.map((part) => (part.places ? 'true' : 'false'))),
        ...boundsOf(parts),
        arrayLiteral(parts.flatMap(({ places, paidCents }) => places ?? paidCents.map(() => 0))),
        arrayLiteral(parts.flatMap((part) => part.paidCents)),
        arrayLiteral(parts.flatMap((part) => part.byteOffsets)),
        arrayLiteral(parts.flatMap((part) => part.segmentOrdinals)),
      ],
    );
  }
}

/** Where the figures of each part begin and end among all, as SQL counts: from 1. */
function boundsOf(parts: WrittenPage['parts']): [begins: string, ends: string] {
  let end = 0;
  const ends = parts.map(({ paidCents }) => (end += paidCents.length));
  const begins = ends.map((last, index) => last - parts[index]!.paidCents.length + 1);
  return [arrayLiteral(begins), arrayLiteral(ends)];
}
