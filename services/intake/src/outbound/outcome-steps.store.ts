import type { RequestStatus } from '../domain/status.ts';

const onConflictAdd = `on conflict (submission_id, status) do update
      set requests = submission_counts.requests + excluded.requests,
          billed_cents = submission_counts.billed_cents + excluded.billed_cents,
          paid_cents = submission_counts.paid_cents + excluded.paid_cents`;

/** How the plain step of requests is made; what it gives are those for which it is not that simple, untouched. */
export type PlainStep = {
  /**
   * Of ids in their order, looked up one by one: what was paid of each, days from and to, when, and of what is paid
   * the payment of each. Gives ids. To be planned without scans: the planner may think that a new month is empty.
   */
  readonly scattered: string;
  /**
   * Of most requests between two ids of a submission: days from and to, when, the cents of each position from the
   * first on (-1 where nothing was heard), the first position, how many were heard of, and of what is paid the one
   * payment of all. Gives positions.
   */
  readonly dense: string;
};

/** The cents of a dense run that belong to a request. */
const atPosition = '($6::bigint[])[r.position - $7::int + 1]';

/** The step of most requests: from the status before, with one payment at most. Short rows, no look back, no JSON. */
export const plainSteps: Readonly<Partial<Record<RequestStatus, PlainStep>>> = {
  approved: decidedStep({ from: 'submitted', to: 'approved', rank: 2, at: 'decided_at' }),
  denied: decidedStep({ from: 'submitted', to: 'denied', rank: 2, at: 'decided_at' }),
  rejected: decidedStep({ from: 'submitted', to: 'rejected', rank: 2, at: 'decided_at' }),
  held: decidedStep({ from: 'submitted', to: 'held', rank: 1, at: 'held_at' }),
  scheduled: paidStep({ from: 'approved', to: 'scheduled', rank: 3, at: 'scheduled_at' }),
  paid: paidStep({ from: 'scheduled', to: 'paid', rank: 4, at: 'remitted_at' }),
  explained: explainedStep({ from: 'denied', to: 'explained', rank: 4, at: 'remitted_at' }),
};

type Step = {
  readonly from: RequestStatus;
  readonly to: RequestStatus;
  readonly rank: number;
  readonly at: string;
};

function decidedStep(step: Step): PlainStep {
  const where = 'r.paid_cents is null and r.payment_id is null';
  return {
    scattered: scatteredSql(step, { sets: `paid_cents = ${ofEach('$2::bigint[]')}`, where }),
    dense: denseSql(step, { sets: `paid_cents = ${atPosition}`, where }),
  };
}

/** What was denied is explained without a payment. */
function explainedStep(step: Step): PlainStep {
  const by = (cents: string): Parameters<typeof scatteredSql>[1] => ({
    sets: `paid_cents = ${cents}`,
    where: `r.paid_cents = ${cents} and r.payment_id is null`,
  });
  return {
    scattered: scatteredSql(step, by(ofEach('$2::bigint[]'))),
    dense: denseSql(step, by(atPosition)),
  };
}

/** What was approved is what is paid, by the payment that was heard of already, if one was. */
function paidStep(step: Step): PlainStep {
  const by = (payment: string, cents: string): Parameters<typeof scatteredSql>[1] => ({
    sets: `payment_id = ${payment}`,
    where: `r.paid_cents = ${cents} and (r.payment_id is null or r.payment_id = ${payment})`,
  });
  return {
    scattered: scatteredSql(step, by(ofEach('$6::uuid[]'), ofEach('$2::bigint[]'))),
    dense: denseSql(step, by('$9::uuid', atPosition)),
  };
}

/** The element that belongs to the id, which is one of $1. */
function ofEach(list: string): string {
  return `(${list})[width_bucket(r.request_id, $1::uuid[])]`;
}

function scatteredSql(step: Step, { sets, where }: { sets: string; where: string }): string {
  return `
    with moved as (
      update requests r set ${columnsOf(step)}, ${sets}
      where r.request_id = any($1::uuid[]) and r.received_on between $3::date and $4::date
        and ${isBefore(step)} and ${where}
      returning r.request_id, r.submission_id, r.billed_cents, r.paid_cents
    ), ${countedSql(step)}
    select id as "requestId" from unnest($1::uuid[]) id
    where (select coalesce(sum(requests), 0) from sums) < cardinality($1::uuid[])
      and id not in (select request_id from moved)`;
}

function denseSql(step: Step, { sets, where }: { sets: string; where: string }): string {
  return `
    with moved as (
      update requests r set ${columnsOf(step)}, ${sets}
      where r.request_id between $1::uuid and $2::uuid and r.received_on between $3::date and $4::date
        and ${atPosition} >= 0 and ${isBefore(step)} and ${where}
      returning r.position, r.submission_id, r.billed_cents, r.paid_cents
    ), ${countedSql(step)}
    select $7::int + place - 1 as position from generate_subscripts($6::bigint[], 1) place
    where (select coalesce(sum(requests), 0) from sums) < $8::int
      and ($6::bigint[])[place] >= 0 and $7::int + place - 1 not in (select position from moved)`;
}

function columnsOf({ to, rank, at }: Step): string {
  return `status = '${to}', rank = ${rank}, ${at} = coalesce(r.${at}, $5)`;
}

function isBefore({ from }: Step): string {
  return `r.status = '${from}' and r.payments is null`;
}

function countedSql({ from, to }: Step): string {
  return `sums as (
      select submission_id, count(*) as requests, coalesce(sum(billed_cents), 0) as billed_cents,
             coalesce(sum(paid_cents), 0) as paid_cents
      from moved group by submission_id
    ), counted as (
      insert into submission_counts (submission_id, status, requests, billed_cents, paid_cents)
      select submission_id, '${from}', -requests, -billed_cents, ${from === 'submitted' ? '0' : '-paid_cents'} from sums
      union all
      select submission_id, '${to}', requests, billed_cents, paid_cents from sums
      order by 1, 2
      ${onConflictAdd}
    )`;
}

/** Ids, in order, with what was paid; days from and to; when; and the payment of each, where there is one. */
const heard = `
  select request_id, ($2::bigint[])[place] as paid_cents, ($6::uuid[])[place] as payment_id from few_ids($1::uuid[])`;

/**
 * A fact that comes late still tells what was paid, but never moves a request back. Once payments are known, the
 * furthest of those that were not reversed leads, or else one that was: each payment only rises, so every order of the
 * same facts ends alike, and a late fact of a reversed payment changes nothing. Gives the ids that were found.
 */
export const anyStepSql = `
  with heard as (
    ${heard}
  ), before as (
    select h.*, $7::text as heard_status, $8::smallint as heard_rank,
           r.submission_id, r.received_on, r.status, r.rank, r.billed_cents, r.paid_cents as old_cents,
           coalesce(r.payments, case when r.payment_id is null then '{}' else
             jsonb_build_object(r.payment_id, jsonb_build_array(r.rank, r.status, r.paid_cents)) end) as payments
    from requests r join heard h using (request_id) where r.received_on between $3::date and $4::date
    order by r.request_id for update of r
  ), known as (
    select request_id, payment_id, paid_cents, received_on, heard_rank as rank, heard_status as status,
           rank as old_rank, status as old_status, old_cents, payments <> '{}' as is_led,
           case when payment_id is null or (payments -> payment_id::text ->> 0)::smallint >= heard_rank then payments
                else payments || jsonb_build_object(payment_id, jsonb_build_array(heard_rank, heard_status, paid_cents))
           end as payments
    from before
  ), judged as (
    select k.*, l.rank as to_rank, l.status as to_status, l.cents as to_cents,
           l.rank > k.old_rank or (k.is_led and k.payment_id is not null) as moves
    from known k cross join lateral (
      select k.rank, k.status, k.paid_cents as cents where k.payment_id is null
      union all
      (select (value ->> 0)::smallint as rank, value ->> 1, (value ->> 2)::bigint
       from jsonb_each(case when k.payment_id is null then '{}' else k.payments end)
       order by (value ->> 0)::smallint = $9, rank desc, key limit 1)
    ) l
  ), ended as (
    select request_id, received_on, rank, payments,
           case when moves then to_status else old_status end as to_status,
           case when moves then to_rank else old_rank end as to_rank,
           case when moves then coalesce(to_cents, old_cents) else coalesce(old_cents, paid_cents) end as to_cents,
           (select min(key) from jsonb_object_keys(payments) key having count(*) = 1) as only_payment
    from judged
  ), shortened as (
    select *, only_payment is not null
              and payments -> only_payment = jsonb_build_array(to_rank, to_status, to_cents) as is_plain
    from ended
  ), after as (
    update requests r
    set status = e.to_status, rank = e.to_rank, paid_cents = e.to_cents,
        payment_id = case when e.is_plain then e.only_payment::uuid end,
        payments = case when not e.is_plain then nullif(e.payments, '{}') end,
        held_at = case when e.rank = 1 then coalesce(r.held_at, $5) else r.held_at end,
        decided_at = case when e.rank = 2 then coalesce(r.decided_at, $5) else r.decided_at end,
        scheduled_at = case when e.rank = 3 then coalesce(r.scheduled_at, $5) else r.scheduled_at end,
        remitted_at = case when e.rank >= 4 then coalesce(r.remitted_at, $5) else r.remitted_at end
    from shortened e
    where r.request_id = e.request_id and r.received_on = e.received_on
    returning r.submission_id, r.status, r.billed_cents, r.paid_cents
  ), changes as (
    select submission_id, status, -1 as requests, -coalesce(billed_cents, 0) as billed_cents,
           -coalesce(old_cents, 0) as paid_cents
    from before
    union all
    select submission_id, status, 1, coalesce(billed_cents, 0), coalesce(paid_cents, 0) from after
  ), counted as (
    insert into submission_counts (submission_id, status, requests, billed_cents, paid_cents)
    select submission_id, status, sum(requests), sum(billed_cents), sum(paid_cents) from changes
    group by submission_id, status
    having sum(requests) <> 0 or sum(paid_cents) <> 0
    order by submission_id, status
    ${onConflictAdd}
  )
  select request_id as "requestId" from before`;
