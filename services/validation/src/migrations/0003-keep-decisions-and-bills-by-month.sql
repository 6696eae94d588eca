-- What grows with every claim is kept by month: indexes stay as small as a month, and forgetting is a drop.
-- What was there before lies in partitions of its own under a day before all others, and is looked up there too: the
-- day of an old bill is not known for certain, and a bill that is not found would be paid twice.

alter table bill_history rename to bill_history_old;
alter table bill_history_old rename constraint bill_history_pkey to bill_history_old_pkey;
create table bill_history (
  served_on date not null default '0001-01-01',
  bill_key bytea not null,
  request_id uuid not null,
  submission_id uuid not null,
  claim_id text not null,
  primary key (served_on, bill_key)
) partition by range (served_on);
comment on column bill_history.served_on is 'first day of the services, which is part of what makes two bills the same; 0001-01-01 was written before bills had a day';
comment on column bill_history.bill_key is 'the first 16 bytes of the SHA-256 of what makes two bills the same';
create table bill_history_before partition of bill_history for values from (minvalue) to ('1900-01-01');
create table bill_history_other partition of bill_history default;
insert into bill_history (bill_key, request_id, submission_id, claim_id)
select substring(bill_key for 16), request_id, submission_id, claim_id from bill_history_old;
drop table bill_history_old;

alter table decisions rename to decisions_old;
alter table decisions_old rename constraint decisions_pkey to decisions_old_pkey;
alter index decisions_held rename to decisions_old_held;
create table decisions (
  decided_at timestamptz not null default now(),
  billed_cents bigint,
  paid_cents bigint,
  received_on date not null,
  lines_place smallint,
  request_id uuid not null,
  submission_id uuid not null,
  payee_id uuid,
  contract_id uuid,
  lines_in uuid,
  claim_id text not null,
  outcome text not null check (outcome in ('approved', 'denied', 'held', 'rejected')),
  rules_version text not null,
  findings jsonb,
  lines jsonb,
  packed_lines bytea,
  bill_served_on date,
  bill_key bytea,
  held jsonb,
  review jsonb,
  primary key (request_id, received_on),
  check ((held is not null) = (outcome = 'held'))
) partition by range (received_on);
comment on column decisions.received_on is 'the day that its submission came in; 0001-01-01 was decided before decisions had a day';
comment on column decisions.findings is 'null when there are none';
comment on column decisions.lines is 'the priced lines where a person decided, or before lines were packed';
comment on column decisions.packed_lines is 'deflated JSON: the priced lines of all requests that were decided with this one';
comment on column decisions.lines_in is 'the request whose packed_lines hold the lines of this one, at lines_place';
comment on column decisions.bill_key is 'the key that was taken, while it may have to be given back';
comment on column decisions.held is 'the whole priced request, only while it waits for a person';
alter table decisions alter column packed_lines set storage external; -- it is deflated already
create table decisions_before partition of decisions for values from (minvalue) to ('1900-01-01');
create table decisions_other partition of decisions default;
create index decisions_held on decisions (decided_at, request_id) where outcome = 'held';
insert into decisions (decided_at, billed_cents, paid_cents, received_on, request_id, submission_id, payee_id,
                       contract_id, claim_id, outcome, rules_version, findings, lines, bill_served_on, bill_key, held, review)
select decided_at, billed_cents, paid_cents, '0001-01-01', request_id, submission_id, payee_id,
       contract_id, claim_id, outcome, rules_version, findings, lines, '0001-01-01', substring(bill_key for 16), held, review
from decisions_old;
drop table decisions_old;

insert into monthly_tables (parent) values ('bill_history'), ('decisions');
select keep_months('bill_history', null, 36), keep_months('decisions', null, 1);
