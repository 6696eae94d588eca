/**
 * Parameters of both: the submission, the message; ids, claim ids and cents of the requests, part by part; of each part the
 * payee and where it begins and ends among them; of each request the number of its part.
 */
const givenParts = `
  given as materialized (
    select nextval(pg_get_serial_sequence('payable_parts', 'part_id')) as part_id, number::int, payee_id, begins, ends
    from unnest($6::uuid[], $7::int[], $8::int[]) with ordinality as given (payee_id, begins, ends, number)
  ), added as (
    insert into payable_requests (request_id, part_id)
    select request_id, part_id
    from unnest($3::uuid[], $9::int[]) as approved (request_id, number) join given using (number)`;

/** From `kept`: the parts of which something is new. */
const keptParts = (which: string): string => `
  parts as (
    insert into payable_parts (part_id, submission_id, payee_id, requests, amount_cents, request_ids, claim_ids, request_cents)
    select part_id, $1, payee_id, new.*
    from kept cross join lateral (
      select count(*), sum(cents), array_agg(request_id), array_agg(claim_id), array_agg(cents)
      from unnest(($3::uuid[])[begins:ends], ($4::text[])[begins:ends], ($5::bigint[])[begins:ends])
        as one (request_id, claim_id, cents)
      where ${which}
    ) as new
    returning requests, amount_cents
  ), approved as (
    select sum(requests) as payables, sum(amount_cents) as cents from parts having count(*) > 0
  ), counted as (
    insert into approvals (message_id, submission_id, payables, amount_cents)
    select $2::uuid, $1, payables, cents from approved
  )
  insert into ledger_transfers (kind, about_id, debit_account, credit_account, amount_cents)
  select 'approved', $2::uuid, 'claims-expense', 'payables', cents from approved`;

/** Fails when one of them is known. */
export const addAllNew = `
  with ${givenParts}
  ), kept as (select * from given),
  ${keptParts('true')}`;

/** Leaves out what is known. */
export const addNotKnown = `
  with ${givenParts}
    on conflict (request_id) do nothing
    returning request_id, part_id
  ), kept as (
    select part_id, count(*) = ends - begins + 1 as is_whole, payee_id, begins, ends
    from added join given using (part_id) group by part_id, payee_id, begins, ends
  ), ${keptParts('is_whole or request_id in (select added.request_id from added)')}`;
