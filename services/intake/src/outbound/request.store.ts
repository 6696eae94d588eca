import { deflateSync, inflateSync } from 'node:zlib';
import { arrayLiteral, textArrayLiteral } from '@remitflow/persistence';
import { packPart, unpackPart, type StoredPlace } from '../domain/part-places.ts';
import { dayOfId } from '../domain/request-id.ts';
import type { ReadRequest } from '../domain/request.ts';
import type { RequestStatus } from '../domain/status.ts';
import type { StoredRequest, WholeRequest } from '../domain/stored-request.ts';
import type { Statements } from './statements.ts';

export type RequestToStore = ReadRequest & { readonly requestId: string };

export type RequestFilter = {
  readonly submissionId?: string;
  readonly status?: RequestStatus;
  readonly claimId?: string;
  readonly limit: number;
};

/** Requests lie in the month of their submission's day: whoever knows the day looks into one table only. */
export class RequestStore {
  readonly #tx: Statements;

  constructor(tx: Statements) {
    this.#tx = tx;
  }

  /** Stores one part, whose positions follow each other, and counts it, in one statement. */
  async addAll(submissionId: string, requests: readonly RequestToStore[], submittedAt: Date): Promise<void> {
    const billedCents = requests.reduce((sum, { request }) => sum + (request.billedCents ?? 0), 0);
    await this.#tx.execute(addAllSql, [
      submissionId,
      submittedAt,
      requests[0]!.position,
      arrayLiteral(requests.map((read) => read.requestId)),
      textArrayLiteral(requests.map((read) => read.request.claimId)),
      arrayLiteral(requests.map((read) => read.request.billedCents)),
      billedCents,
      deflateSync(packPart(requests), { level: 1 }),
    ]);
  }

  async find(requestId: string): Promise<WholeRequest | undefined> {
    const day = dayOfId(requestId) ?? null;
    const [row] = await this.#tx.query<WholeRequest & PackedPlace>(findSql, [requestId, day]);
    if (!row) return undefined;
    const { packed, firstPosition, ...request } = row;
    return { ...request, ...unpack(packed)[request.position - firstPosition]! };
  }

  /** Where those of the positions stood. */
  async places(
    submissionId: string,
    positions: readonly number[],
  ): Promise<ReadonlyMap<number, StoredPlace>> {
    const parts = await this.#tx.query<PackedPlace & { positions: number[] }>(placesSql, [
      submissionId,
      positions,
      await this.dayOf(submissionId),
    ]);
    return new Map(
      parts.flatMap((part) => {
        const places = unpack(part.packed);
        return part.positions.map((position): [number, StoredPlace] => [
          position,
          places[position - part.firstPosition]!,
        ]);
      }),
    );
  }

  /** The newest submission first; a status alone is looked for only where the counts tell that it is. */
  async list(filter: RequestFilter): Promise<StoredRequest[]> {
    const { submissionId = null, status = null, claimId = null, limit } = filter;
    if (status !== null && claimId === null) {
      return this.#tx.query<StoredRequest>(listByStatusSql, [submissionId, status, limit]);
    }
    const day = submissionId && (await this.dayOf(submissionId));
    return this.#tx.query<StoredRequest>(
      `${select} from requests r
       where ($1::uuid is null or r.submission_id = $1) and ($5::date is null or r.received_on = $5)
         and ($2::text is null or r.status = $2) and ($3::text is null or r.claim_id = $3)
       order by r.submission_id desc, r.position limit $4`,
      [submissionId, status, claimId, limit, day],
    );
  }

  /** The day by which everything of a submission is kept; asked for only when its id does not tell. */
  async dayOf(submissionId: string): Promise<string | null> {
    const told = dayOfId(submissionId);
    if (told !== undefined) return told;
    const [row] = await this.#tx.query<{ day: string }>(
      `select received_on::text as day from submissions where submission_id = $1`,
      [submissionId],
    );
    return row?.day ?? null;
  }
}

type PackedPlace = { readonly packed: Buffer; readonly firstPosition: number };

/** Old ones are plain JSON, which no deflated text begins like. */
const unpack = (packed: Buffer): StoredPlace[] =>
  unpackPart((packed[0] === openBracket ? packed : inflateSync(packed)).toString('utf8'));

const openBracket = 0x5b;

const addAllSql = `
  with submission as (
    select submission_id, received_on from submissions where submission_id = $1::uuid
  ), added as (
    insert into requests (request_id, submission_id, received_on, position, claim_id, billed_cents, status, rank)
    select r.request_id, s.submission_id, s.received_on, $3::int + r.place - 1, r.claim_id, r.billed_cents, 'submitted', 0
    from unnest($4::uuid[], $5::text[], $6::bigint[]) with ordinality as r(request_id, claim_id, billed_cents, place)
    cross join submission s
  ), placed as (
    insert into request_parts (submission_id, first_position, last_position, received_on, submitted_at, places)
    select submission_id, $3::int, $3::int + cardinality($4::uuid[]) - 1, received_on, $2::timestamptz, $8::bytea
    from submission
  )
  insert into submission_counts (submission_id, status, requests, billed_cents, paid_cents)
  values ($1::uuid, 'submitted', cardinality($4::uuid[]), $7::bigint, 0)
  on conflict (submission_id, status) do update
    set requests = submission_counts.requests + excluded.requests,
        billed_cents = submission_counts.billed_cents + excluded.billed_cents`;

const select = `
  select r.request_id as "requestId", r.submission_id as "submissionId", r.position, r.claim_id as "claimId", r.status,
         r.billed_cents::float8 as "billedCents", r.paid_cents::float8 as "paidCents"`;

const findSql = `${select},
    s.file_name as "fileName", s.format, s.path, p.places as packed, p.first_position as "firstPosition",
    p.submitted_at as "submittedAt", r.held_at as "heldAt", r.decided_at as "decidedAt",
    r.scheduled_at as "scheduledAt", r.remitted_at as "remittedAt",
    coalesce((select jsonb_agg(f.findings order by f.outcome) from findings f
              where f.submission_id = r.submission_id and f.position = r.position and f.received_on = r.received_on),
             '[]') as "findingLists"
  from requests r
  join submissions s using (submission_id)
  cross join lateral (
    select places, first_position, submitted_at from request_parts
    where submission_id = r.submission_id and first_position <= r.position and received_on = r.received_on
    order by first_position desc limit 1
  ) p
  where r.request_id = $1 and ($2::date is null or r.received_on = $2)`;

const placesSql = `
  select p.places as packed, p.first_position as "firstPosition", array_agg(asked.position) as positions
  from request_parts p
  join unnest($2::int[]) as asked(position) on asked.position between p.first_position and p.last_position
  where p.submission_id = $1 and p.received_on = $3::date
  group by p.submission_id, p.first_position, p.received_on, p.places`;

const listByStatusSql = `${select}
  from submission_counts c join submissions s using (submission_id) cross join lateral (
    select * from requests
    where submission_id = c.submission_id and status = c.status and received_on = s.received_on
    order by position limit $3
  ) r
  where c.status = $2 and c.requests > 0 and ($1::uuid is null or c.submission_id = $1)
  order by c.submission_id desc, r.position limit $3`;
