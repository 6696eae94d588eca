import { arrayLiteral, ifAllNew, type Transaction } from '@remitflow/persistence';
import type { DecidedClaim } from '../domain/claim-payment.ts';
import type { DecidedPart, DueRemittance } from '../domain/remittance.ts';
import { packClaims, unpackClaims } from './claim-pack.ts';

type Decided = DecidedClaim & { readonly position: number; readonly payeeId: string };

type FetchedPart = { readonly partId: string; readonly claims: Buffer; readonly places: number[] | null };

/** The requests as they were decided. */
export class DecidedRequestStore {
  readonly #tx: Transaction;
  #cursors = 0;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** The first decision that is heard of a request stays. As many statements, whatever the number of requests and payees. */
  async record(submissionId: string, isDenied: boolean, requests: readonly Decided[]): Promise<void> {
    const parts = partsOf(requests);
    const packed = parts.map(packClaims);
    const parameters = [
      submissionId,
      isDenied,
      arrayLiteral(parts.map(([first]) => first!.payeeId)),
      arrayLiteral(parts.map(([first]) => first!.position)),
      arrayLiteral(parts.map((part) => part.length)),
      arrayLiteral(beginsOf(packed)),
      arrayLiteral(packed.map((bytes) => bytes.length)),
      arrayLiteral(parts.flatMap((part) => part.map((request) => request.requestId))),
      arrayLiteral(parts.flatMap((part, index) => part.map(() => index + 1))),
      arrayLiteral(parts.flatMap((part) => part.map((_, place) => place))),
      Buffer.concat(packed),
    ];
    await ifAllNew(
      this.#tx,
      () => this.#tx.execute(recordAllNew, parameters),
      () => this.#tx.execute(recordNotKnown, parameters),
    );
  }

  /**
   * The claims of a remittance in the order of its file, part by part, some hundreds in memory at a time: those of its
   * payment, or those denied that it explains.
   */
  async *partsOf({ kind, remittanceId, paymentId }: DueRemittance): AsyncGenerator<DecidedPart> {
    const cursor = `claims_${(this.#cursors += 1)}`;
    const select = kind === 'denial' ? partsOfDenial : partsOfPayment;
    await this.#tx.execute(`declare ${cursor} no scroll cursor for ${select}`, [
      kind === 'denial' ? remittanceId : paymentId,
    ]);
    for (let most = partsAtFirst; ;) {
      const parts = await this.#tx.query<FetchedPart>(`fetch ${most} from ${cursor}`);
      let claims = 0;
      for (const part of parts) {
        const decided = decidedPart(part);
        claims += decided.claims.length;
        yield decided;
      }
      if (parts.length < most) return;
      most = Math.max(1, Math.min(partsPerPageMax, Math.round((most * claimsPerPage) / claims)));
    }
  }

  async countDenied(submissionId: string): Promise<number> {
    const [row] = await this.#tx.query<{ count: number }>(
      `select coalesce(sum(requests), 0)::float8 as count from decided_parts where submission_id = $1 and is_denied`,
      [submissionId],
    );
    return row?.count ?? 0;
  }
}

const givenParts = `
  given as materialized (
    select nextval(pg_get_serial_sequence('decided_parts', 'part_id')) as part_id, number, payee_id, first_position,
           given.requests, begins, length
      from unnest($3::uuid[], $4::int[], $5::int[], $6::int[], $7::int[])
           with ordinality as given (payee_id, first_position, requests, begins, length, number)),
  added as (
    insert into decided_requests (request_id, part_id, place)
    select request_id, part_id, place
      from unnest($8::uuid[], $9::int[], $10::smallint[]) as decided (request_id, number, place) join given using (number)`;

const recordAllNew = `
  with ${givenParts})
  insert into decided_parts (part_id, submission_id, payee_id, is_denied, first_position, requests, claims)
  select part_id, $1, payee_id, $2, first_position, requests, substring($11::bytea from begins for length) from given`;

const recordNotKnown = `
  with ${givenParts}
    on conflict (request_id) do nothing returning part_id, place),
  kept as (select part_id, count(*)::int as requests, array_agg(place order by place) as places from added group by part_id)
  insert into decided_parts (part_id, submission_id, payee_id, is_denied, first_position, requests, places, claims)
  select part_id, $1, payee_id, $2, first_position, kept.requests,
         case when kept.requests < given.requests then places end, substring($11::bytea from begins for length)
    from given join kept using (part_id)`;

const partsOfDenial = `
  select part_id as "partId", claims, places from decided_parts
   where remittance_id = $1 order by submission_id, first_position, part_id`;

/** Of a part whose requests are not all of this payment, only some of the claims. */
const partsOfPayment = `
  select part_id as "partId", claims,
         case when paid.requests = decided_parts.requests then decided_parts.places else paid.places end as places
    from (select part_id, count(*) as requests, array_agg(place order by place) as places
            from (select distinct unnest(request_ids) as request_id from scheduled_parts where payment_id = $1) scheduled
            join decided_requests using (request_id) group by part_id) paid
    join decided_parts using (part_id)
   order by submission_id, first_position, part_id`;

function decidedPart({ partId, claims, places }: FetchedPart): DecidedPart {
  const all = unpackClaims(claims);
  return { partId, places, claims: places ? places.map((place) => all[place]!) : all };
}

/** Those of one payee together, in the order of their file. */
function partsOf(requests: readonly Decided[]): Decided[][] {
  const byPayee = new Map<string, Decided[]>();
  for (const request of requests) {
    const part = byPayee.get(request.payeeId);
    if (part) part.push(request);
    else byPayee.set(request.payeeId, [request]);
  }
  return [...byPayee.values()].map((part) => part.sort((one, other) => one.position - other.position));
}

/** Where each begins among all, as SQL counts: from 1. */
function beginsOf(packed: readonly Buffer[]): number[] {
  let begin = 1;
  return packed.map((bytes) => (begin += bytes.length) - bytes.length);
}

const claimsPerPage = 500;
const partsAtFirst = 10;
const partsPerPageMax = 500;
