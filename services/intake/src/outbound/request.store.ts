import type { Transaction } from '@remitflow/persistence';
import type { ReadRequest } from '../domain/request.ts';
import type { StoredRequest } from '../domain/stored-request.ts';
import type { RequestStatus } from '../domain/status.ts';

export type RequestToStore = ReadRequest & { readonly requestId: string };

export type RequestFilter = {
  readonly submissionId?: string;
  readonly status?: RequestStatus;
  readonly claimId?: string;
  readonly limit: number;
};

export class RequestStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** Stores one part and counts it, in one statement. */
  async addAll(submissionId: string, requests: readonly RequestToStore[], submittedAt: Date): Promise<void> {
    const column = <T>(pick: (read: RequestToStore) => T): T[] => requests.map(pick);
    await this.#tx.execute(
      `with added as (
         insert into requests (request_id, submission_id, position, kind, claim_id, billed_cents, byte_offset,
                               byte_length, ordinal, places, status, rank, submitted_at)
         select r.request_id, $1::uuid, r.position, r.kind, r.claim_id, r.billed_cents, r.byte_offset, r.byte_length,
                r.ordinal, r.places, 'submitted', 0, $2::timestamptz
         from unnest($3::uuid[], $4::int[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::int[], $10::int[],
                     $11::json[])
           as r(request_id, position, kind, claim_id, billed_cents, byte_offset, byte_length, ordinal, places)
         returning billed_cents
       )
       insert into submission_counts (submission_id, status, requests, billed_cents, paid_cents)
       select $1::uuid, 'submitted', count(*), coalesce(sum(billed_cents), 0), 0 from added
       on conflict (submission_id, status) do update
         set requests = submission_counts.requests + excluded.requests,
             billed_cents = submission_counts.billed_cents + excluded.billed_cents`,
      [
        submissionId,
        submittedAt,
        column((read) => read.requestId),
        column((read) => read.position),
        column((read) => read.request.kind),
        column((read) => read.request.claimId),
        column((read) => read.request.billedCents ?? null),
        column((read) => read.byteOffset),
        column((read) => read.byteLength),
        column((read) => read.ordinal ?? null),
        column((read) => (read.places === undefined ? null : JSON.stringify(read.places))),
      ],
    );
  }

  async find(requestId: string): Promise<StoredRequest | undefined> {
    const [row] = await this.#tx.query<StoredRequest>(
      `${select},
         r.places, s.file_name as "fileName", s.format, s.path,
         r.submitted_at as "submittedAt", r.held_at as "heldAt", r.decided_at as "decidedAt",
         r.scheduled_at as "scheduledAt", r.remitted_at as "remittedAt",
         coalesce((select jsonb_agg(f.findings order by f.outcome) from findings f
                   where f.submission_id = r.submission_id and f.position = r.position), '[]') as "findingLists"
       from requests r join submissions s using (submission_id) where r.request_id = $1`,
      [requestId],
    );
    return row;
  }

  /** The newest submission first; a status alone is looked for only where the counts tell that it is. */
  async list(filter: RequestFilter): Promise<StoredRequest[]> {
    const { submissionId = null, status = null, claimId = null, limit } = filter;
    if (status !== null && claimId === null) {
      return this.#tx.query<StoredRequest>(listByStatusSql, [submissionId, status, limit]);
    }
    return this.#tx.query<StoredRequest>(
      `${select} from requests r
       where ($1::uuid is null or r.submission_id = $1) and ($2::text is null or r.status = $2)
         and ($3::text is null or r.claim_id = $3)
       order by r.submission_id desc, r.position limit $4`,
      [submissionId, status, claimId, limit],
    );
  }
}

const select = `
  select r.request_id as "requestId", r.submission_id as "submissionId", r.position, r.kind, r.claim_id as "claimId",
         r.status, r.billed_cents::float8 as "billedCents", r.paid_cents::float8 as "paidCents",
         r.byte_offset::float8 as "byteOffset", r.byte_length as "byteLength", r.ordinal`;

const listByStatusSql = `${select}
  from submission_counts c cross join lateral (
    select * from requests where submission_id = c.submission_id and status = c.status order by position limit $3
  ) r
  where c.status = $2 and c.requests > 0 and ($1::uuid is null or c.submission_id = $1)
  order by c.submission_id desc, r.position limit $3`;
