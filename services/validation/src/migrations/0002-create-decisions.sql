-- One row for each bill that was taken: the key makes a second one impossible, whoever comes at the same moment.
create table bill_history (
  bill_key bytea primary key,
  request_id uuid not null,
  submission_id uuid not null,
  claim_id text not null
);

create table decisions (
  request_id uuid primary key,
  submission_id uuid not null,
  claim_id text not null,
  outcome text not null check (outcome in ('approved', 'denied', 'held', 'rejected')),
  rules_version text not null,
  payee_id uuid,
  contract_id uuid,
  billed_cents bigint,
  paid_cents bigint,
  findings jsonb not null,
  lines jsonb not null,
  bill_key bytea,
  -- the whole priced request, only while it waits for a person
  held jsonb,
  decided_at timestamptz not null default now(),
  review jsonb,
  check ((held is not null) = (outcome = 'held'))
);

create index decisions_held on decisions (decided_at, request_id) where outcome = 'held';
