-- Prices by procedure that contracts refer to by name.
create table fee_schedules (
  name text primary key
);

create table fees (
  fee_schedule text not null references fee_schedules,
  procedure text not null,
  amount_cents bigint not null check (amount_cents >= 0),
  primary key (fee_schedule, procedure)
);

create table payees (
  payee_id uuid primary key,
  npi text not null unique,
  tax_id text not null,
  name text not null,
  address jsonb,
  status text not null default 'active' check (status in ('active', 'suspended', 'closed')),
  -- 0 only inside the transaction that registers the payee
  version integer not null default 0,
  -- the account that is paid to now
  account_id uuid,
  changed_at timestamptz not null default now()
);

create index on payees (account_id);

-- A number is never kept in the clear: AES-256-GCM bound to the account, and a keyed digest to compare by.
create table accounts (
  account_id uuid primary key,
  payee_id uuid not null references payees,
  routing_number text not null,
  account_type text not null check (account_type in ('checking', 'savings')),
  number_encrypted text not null,
  number_index text not null,
  last_digits text not null,
  status text not null default 'active' check (status in ('active', 'suspended', 'closed')),
  -- kept when the account is replaced: one that comes back comes back suspended
  suspended_at timestamptz
);

create index on accounts (payee_id);

create table contracts (
  contract_id uuid primary key,
  payee_id uuid not null references payees,
  effective_from date not null,
  effective_to date,
  basis_points integer check (basis_points between 0 and 10000),
  fee_schedule text references fee_schedules,
  -- set when other terms from the same day took its place; its id stays known to the decisions it made
  withdrawn_at timestamptz,
  check ((basis_points is null) <> (fee_schedule is null)),
  check (effective_to >= effective_from)
);

create unique index contracts_in_force on contracts (payee_id, effective_from) where withdrawn_at is null;

-- What payees' banks want changed (Nacha notifications of change).
create table account_notices (
  notice_id uuid primary key,
  payee_id uuid not null,
  account_id uuid not null,
  payment_id uuid not null,
  change_code text not null,
  changes text[] not null,
  noticed_at timestamptz not null default now()
);

create index on account_notices (account_id);
