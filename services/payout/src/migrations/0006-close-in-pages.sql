-- The requests of one payment may be more than one transaction says.
alter table cycles add column announced_request_id uuid;
comment on column cycles.announced_request_id is 'the last request announced, one of payment announced_until; null when all of that are';

drop index payables_payment_id_idx;
create index payables_of_payment on payables (payment_id, request_id) where payment_id is not null;

-- What each message has made payable; of a submission it is asked for again and again while it is decided.
create table approvals (
  message_id uuid primary key,
  submission_id uuid not null,
  payables int not null,
  amount_cents bigint not null
);
create index approvals_of_submission on approvals (submission_id);
insert into approvals
select submission_id, submission_id, count(*), sum(amount_cents) from payables group by submission_id;
drop index payables_submission_id_idx;
