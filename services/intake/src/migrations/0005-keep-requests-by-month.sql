-- A submission's day is in its id, so everything of it lies in one month.
create function day_of_id(id uuid) returns date language sql immutable strict parallel safe
return (timestamp '1970-01-01'
        + ('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint * interval '1 millisecond')::date;
alter table submissions add column received_on date generated always as (
  case when substr(submission_id::text, 15, 1) = '7' then day_of_id(submission_id)
       else (received_at at time zone 'UTC')::date end) stored;
comment on column submissions.received_on is 'day in UTC by which its requests are kept: domain/request-id.ts';

alter table findings drop constraint findings_request_id_fkey;
alter table idempotency_keys drop constraint idempotency_keys_request_id_fkey;
alter table requests rename to requests_before;
alter index requests_pkey rename to requests_before_pkey;
alter index requests_newest rename to requests_before_newest;
alter index requests_by_claim rename to requests_before_by_claim;
alter table findings rename to findings_before;
alter index findings_pkey rename to findings_before_pkey;

/*
 * What changes of a request, and what lists of it show: short rows, for each is written four times. Nothing refers to a
 * submission by a foreign key, which would be looked up once for each row: a part is stored with its submission.
 */
create table requests (
  request_id uuid not null,
  submission_id uuid not null,
  billed_cents bigint,
  paid_cents bigint,
  held_at timestamptz,
  decided_at timestamptz,
  scheduled_at timestamptz,
  remitted_at timestamptz,
  received_on date not null,
  position int not null,
  rank smallint not null,
  status text not null,
  claim_id text not null,
  payment_id uuid,
  payments jsonb,
  constraint requests_once primary key (request_id, received_on)
) partition by range (received_on);
comment on column requests.rank is 'how far the status is; facts may come in any order and only a higher rank moves it';
comment on column requests.payment_id is 'the one payment heard of, whose rank, status and cents are those of the request';
comment on column requests.payments is 'otherwise, by payment id: the highest rank heard of it, its status and cents';
-- Most of a page is left free: a part is decided as a whole, and its new versions, which grow, have to fit beside the old.
create table requests_other partition of requests default with (fillfactor = 35);

-- Where the requests of one part stood in the file, as domain/part-places.ts packs them; written once.
create table request_parts (
  submission_id uuid not null,
  first_position int not null,
  last_position int not null,
  received_on date not null,
  submitted_at timestamptz not null,
  places bytea not null,
  constraint request_parts_once primary key (submission_id, first_position, received_on)
) partition by range (received_on);
comment on column request_parts.places is 'deflated JSON; of requests older than this table plain JSON';
create table request_parts_other partition of request_parts default;

create table findings (
  submission_id uuid not null,
  position int not null,
  outcome text not null check (outcome in ('held', 'rejected')),
  received_on date not null,
  request_id uuid not null,
  findings jsonb not null,
  constraint findings_once primary key (submission_id, position, outcome, received_on)
) partition by range (received_on);
create table findings_other partition of findings default;

insert into monthly_tables (parent) values ('requests'), ('request_parts'), ('findings');
do $$
declare
  oldest date := (select min(received_on) from submissions);
  behind int := least(1200, greatest(1, coalesce(
    12 * (extract(year from now()) - extract(year from oldest)) + extract(month from now()) - extract(month from oldest), 1)));
begin
  perform keep_months(parent, null, behind) from unnest(array['requests', 'request_parts', 'findings']) parent;
end
$$;

insert into requests
select r.request_id, r.submission_id, r.billed_cents, r.paid_cents, r.held_at, r.decided_at, r.scheduled_at, r.remitted_at,
       s.received_on, r.position, r.rank, r.status, r.claim_id, null, nullif(r.payments, '{}')
from requests_before r join submissions s using (submission_id);
insert into request_parts
select submission_id, min(r.position), max(r.position), s.received_on, min(r.submitted_at),
       convert_to(json_agg(json_build_array(r.kind, r.byte_offset, r.byte_length, r.ordinal, r.places) order by r.position)::text,
                  'UTF8')
from requests_before r join submissions s using (submission_id)
group by submission_id, s.received_on, (r.position - 1) / 500;
insert into findings
select submission_id, f.position, f.outcome, s.received_on, f.request_id, f.findings
from findings_before f join submissions s using (submission_id);
drop table findings_before;
drop table requests_before;
alter table request_parts alter column places set storage external;

create unique index requests_newest on requests (submission_id desc, position, received_on);
create index requests_by_claim on requests (claim_id);

-- A month is new and without statistics while it is filled fastest. One row, as far as the planner can see: so each is
-- looked up by its index, however large the table and however many there are.
create function few_ids(ids uuid[]) returns table (request_id uuid, place bigint) language sql volatile rows 1
as $$ select * from unnest(ids) with ordinality $$;
