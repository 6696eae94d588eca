import type { Transaction } from '@remitflow/persistence';
import type { Finding } from '../domain/finding.ts';
import type { RequestStatus, StatusCount } from '../domain/status.ts';
import { rankOf } from '../domain/status.ts';

export type Outcome = {
  readonly requestId: string;
  readonly status: RequestStatus;
  readonly paidCents?: number;
  /** Of the payment that it is about, if it is. */
  readonly paymentId?: string;
};

export type FoundOutcome = { readonly requestId: string; readonly findings: readonly Finding[] };

export type Rejection = {
  readonly requestId: string;
  readonly position: number;
  readonly claimId: string;
  readonly kind: string;
  readonly billedCents: number | null;
  readonly byteOffset: number;
  readonly ordinal: number | null;
  readonly places: unknown;
  readonly findings: readonly Finding[];
};

/** What became of requests, and the counts that follow. */
export class OutcomeStore {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  /** Moves each request on unless it is further already, and the counts with it, in one statement. */
  async record(outcomes: readonly Outcome[], at: Date): Promise<void> {
    const distinct = [...new Map(outcomes.map((outcome) => [outcome.requestId, outcome])).values()];
    await this.#tx.execute(recordSql, [
      distinct.map(({ requestId }) => requestId),
      distinct.map(({ status }) => status),
      distinct.map(({ status }) => rankOf[status]),
      distinct.map(({ paidCents }) => paidCents ?? null),
      at,
      distinct.map(({ paymentId }) => paymentId ?? null),
      rankOf.reversed,
    ]);
  }

  async addFindings(outcome: 'held' | 'rejected', found: readonly FoundOutcome[]): Promise<void> {
    await this.#tx.execute(
      `insert into findings (submission_id, position, outcome, request_id, findings)
       select r.submission_id, r.position, $1, r.request_id, f.findings
       from unnest($2::uuid[], $3::jsonb[]) as f(request_id, findings) join requests r using (request_id)
       on conflict do nothing`,
      [
        outcome,
        found.map(({ requestId }) => requestId),
        found.map(({ findings }) => JSON.stringify(findings)),
      ],
    );
  }

  async countsOf(submissionIds: readonly string[]): Promise<Map<string, StatusCount[]>> {
    const rows = await this.#tx.query<StatusCount & { submissionId: string }>(
      `select submission_id as "submissionId", status, requests::float8 as requests,
              billed_cents::float8 as "billedCents", paid_cents::float8 as "paidCents"
       from submission_counts where submission_id = any($1::uuid[])`,
      [submissionIds],
    );
    const counts = new Map(submissionIds.map((id): [string, StatusCount[]] => [id, []]));
    for (const { submissionId, ...count } of rows) counts.get(submissionId)?.push(count);
    return counts;
  }

  /** In the order of the file, from behind a position on. */
  async rejections(submissionId: string, afterPosition: number, limit: number): Promise<Rejection[]> {
    return this.#tx.query<Rejection>(
      `select r.request_id as "requestId", r.position, r.claim_id as "claimId", r.kind,
              r.billed_cents::float8 as "billedCents", r.byte_offset::float8 as "byteOffset", r.ordinal, r.places,
              f.findings
       from findings f join requests r using (request_id)
       where f.submission_id = $1 and f.position > $2 and f.outcome = 'rejected' and r.status = 'rejected'
       order by f.position limit $3`,
      [submissionId, afterPosition, limit],
    );
  }
}

/**
 * A fact that comes late still tells what was paid, but never moves a request back. Once payments are known, the
 * furthest of those that were not reversed leads, or else one that was: each payment only rises, so every order of the
 * same facts ends alike, and a late fact of a reversed payment changes nothing.
 */
const recordSql = `
  with heard as (
    select * from unnest($1::uuid[], $2::text[], $3::smallint[], $4::bigint[], $6::text[])
      as h(request_id, status, rank, paid_cents, payment_id)
  ), before as (
    select r.request_id, r.submission_id, r.status, r.rank, r.billed_cents, r.paid_cents, r.payments
    from requests r join heard using (request_id) order by r.request_id for update of r
  ), known as (
    select h.*, b.rank as old_rank, b.status as old_status, b.paid_cents as old_cents, b.payments <> '{}' as is_led,
           case when h.payment_id is null or (b.payments -> h.payment_id ->> 0)::smallint >= h.rank then b.payments
                else b.payments || jsonb_build_object(h.payment_id, jsonb_build_array(h.rank, h.status, h.paid_cents))
           end as payments
    from heard h join before b using (request_id)
  ), judged as (
    select k.*, l.rank as to_rank, l.status as to_status, l.cents as to_cents,
           l.rank > k.old_rank or (k.is_led and k.payment_id is not null) as moves
    from known k cross join lateral (
      select k.rank, k.status, k.paid_cents as cents where k.payment_id is null
      union all
      (select (value ->> 0)::smallint as rank, value ->> 1, (value ->> 2)::bigint
       from jsonb_each(case when k.payment_id is null then '{}' else k.payments end)
       order by (value ->> 0)::smallint = $7, rank desc, key limit 1)
    ) l
  ), after as (
    update requests r
    set status = case when l.moves then l.to_status else l.old_status end,
        rank = case when l.moves then l.to_rank else l.old_rank end,
        paid_cents = case when l.moves then coalesce(l.to_cents, l.old_cents)
                          else coalesce(l.old_cents, l.paid_cents) end,
        payments = l.payments,
        held_at = case when l.rank = 1 then coalesce(r.held_at, $5) else r.held_at end,
        decided_at = case when l.rank = 2 then coalesce(r.decided_at, $5) else r.decided_at end,
        scheduled_at = case when l.rank = 3 then coalesce(r.scheduled_at, $5) else r.scheduled_at end,
        remitted_at = case when l.rank >= 4 then coalesce(r.remitted_at, $5) else r.remitted_at end
    from judged l
    where r.request_id = l.request_id
    returning r.submission_id, r.status, r.billed_cents, r.paid_cents
  ), changes as (
    select submission_id, status, -1 as requests, -coalesce(billed_cents, 0) as billed_cents, -coalesce(paid_cents, 0) as paid_cents
    from before
    union all
    select submission_id, status, 1, coalesce(billed_cents, 0), coalesce(paid_cents, 0) from after
  )
  insert into submission_counts (submission_id, status, requests, billed_cents, paid_cents)
  select submission_id, status, sum(requests), sum(billed_cents), sum(paid_cents) from changes
  group by submission_id, status
  having sum(requests) <> 0 or sum(paid_cents) <> 0
  order by submission_id, status
  on conflict (submission_id, status) do update
    set requests = submission_counts.requests + excluded.requests,
        billed_cents = submission_counts.billed_cents + excluded.billed_cents,
        paid_cents = submission_counts.paid_cents + excluded.paid_cents`;
