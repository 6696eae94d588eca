create table payees (
  payee_id uuid primary key,
  version integer not null,
  npi text not null,
  tax_id text not null,
  name text not null,
  status text not null check (status in ('active', 'suspended', 'closed')),
  account_id uuid
);

-- The number is encrypted with the account id as its context; a payment keeps its own copy.
create table accounts (
  account_id uuid primary key,
  payee_id uuid not null,
  version integer not null,
  routing_number text not null,
  account_type text not null check (account_type in ('checking', 'savings')),
  last_digits text not null,
  status text not null check (status in ('active', 'suspended', 'closed')),
  encrypted_number text not null,
  frozen_at timestamptz
);

create table cycles (
  cycle_id uuid primary key,
  cut_off timestamptz unique,
  reason text not null,
  status text not null check (status in ('formed', 'announced', 'built', 'transmitting', 'closed')),
  formed_at timestamptz not null,
  closed_at timestamptz,
  payments integer not null,
  requests integer not null,
  amount_cents bigint not null,
  held_back jsonb not null,
  announced_parts integer not null default 0,
  announced_until text not null default '' -- trace number of the last payment whose requests were announced
);
create index on cycles (formed_at) where status <> 'closed';

create table nacha_files (
  cycle_id uuid primary key references cycles,
  file_name text not null unique,
  odfi_routing text not null,
  immediate_destination text not null,
  created_on date not null,
  created_time text not null,
  file_id_modifier text not null,
  effective_date date not null,
  header jsonb not null,
  entries integer not null,
  amount_cents bigint not null,
  sha256 text,
  bytes bigint,
  state text not null default 'formed' check (state in ('formed', 'built', 'transmitting', 'sent', 'accepted', 'refused')),
  refusal jsonb,
  unique (immediate_destination, created_on, file_id_modifier)
);

create table payments (
  payment_id uuid primary key,
  cycle_id uuid not null references cycles,
  payee_id uuid not null,
  account_id uuid not null,
  amount_cents bigint not null check (amount_cents between 1 and 9999999999),
  request_count integer not null check (request_count > 0),
  trace_number text not null unique,
  trn_reference text not null unique,
  entry_line integer not null,
  receiver_id text not null,
  receiver_name text not null,
  routing_number text not null,
  account_type text not null,
  last_digits text not null,
  encrypted_number text not null,
  status text not null check (status in ('scheduled', 'sent', 'settled', 'returned', 'refused', 'reissued')),
  settled_on date,
  returned_on date,
  return_code text,
  return_reason text,
  reissue_note text,
  reissued_by text,
  unique (cycle_id, payee_id)
);
create index on payments (cycle_id, trace_number);

-- One row a request for ever, in at most one payment at a time.
create table payables (
  request_id uuid primary key,
  submission_id uuid not null,
  claim_id text not null,
  payee_id uuid not null,
  amount_cents bigint not null check (amount_cents > 0),
  payment_id uuid references payments deferrable initially deferred,
  returned_payment_ids uuid[] not null default '{}'
);
create index on payables (payee_id) where payment_id is null;
create index on payables (payment_id);
create index on payables (submission_id);

create table trace_sequences (
  odfi text primary key,
  last_number integer not null check (last_number > 0)
);

-- Every row moves one amount from one account to another: debits and credits cannot differ.
create table ledger_transfers (
  transfer_id bigint generated always as identity primary key,
  kind text not null check (kind in ('approved', 'scheduled', 'settled', 'returned', 'reissued')),
  about_id uuid not null,
  debit_account text not null,
  credit_account text not null check (credit_account <> debit_account),
  amount_cents bigint not null check (amount_cents > 0),
  booked_at timestamptz not null default now(),
  unique (kind, about_id)
);

create view ledger_balances as
select account, sum(debit_cents) as debit_cents, sum(credit_cents) as credit_cents
from (
  select debit_account as account, amount_cents as debit_cents, 0 as credit_cents from ledger_transfers
  union all
  select credit_account, 0, amount_cents from ledger_transfers
) sides
group by account;

create function refuse_ledger_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only' using errcode = 'restrict_violation';
end $$;
create trigger ledger_is_append_only before update or delete on ledger_transfers
  for each statement execute function refuse_ledger_change();

-- Cut-offs from before this database existed are not made up for.
create table cut_off_watch (since timestamptz not null default now());
insert into cut_off_watch default values;

create table bank_files (
  bank_file_id uuid primary key,
  file_name text not null,
  sha256 text not null,
  kind text not null check (kind in ('acknowledgement', 'settlement', 'returns', 'notices')),
  state text not null check (state in ('taken', 'for-person')),
  problem text,
  taken_at timestamptz not null default now(),
  unique (file_name, sha256)
);

create table bank_answers (
  answer_id uuid primary key,
  bank_file_id uuid not null references bank_files,
  kind text not null check (kind in ('acknowledgement', 'settlement', 'return', 'notice', 'dispute')),
  state text not null check (state in ('matched', 'unmatched', 'duplicate', 'for-person')),
  original_trace text not null,
  code text not null,
  amount_cents bigint,
  payment_id uuid,
  reason text not null
);
create index on bank_answers (state);

create table notices (
  notice_id uuid primary key references bank_answers,
  payment_id uuid not null references payments,
  account_id uuid not null,
  change_code text not null,
  changes text[] not null,
  encrypted_correction text not null,
  noticed_on date not null,
  unique (payment_id, change_code)
);
