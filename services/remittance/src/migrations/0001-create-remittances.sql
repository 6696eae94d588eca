-- What was decided about each request, as validation said it.
create table decided_requests (
  request_id uuid primary key,
  submission_id uuid not null,
  position int not null,
  payee_id uuid not null,
  is_denied boolean not null,
  claim json not null,
  remittance_id uuid
);
comment on column decided_requests.remittance_id is 'the zero-pay remittance that explains a denied request';
create index denied_unexplained on decided_requests (payee_id) where is_denied and remittance_id is null;
create index denied_of_remittance on decided_requests (remittance_id) where remittance_id is not null;
create index denied_of_submission on decided_requests (submission_id) where is_denied;

create table payees (
  payee_id uuid primary key,
  version int not null,
  npi text not null,
  tax_id text not null,
  name text not null,
  address json
);

create table scheduled_requests (
  request_id uuid not null,
  payment_id uuid not null,
  amount_cents bigint not null,
  primary key (request_id, payment_id)
);
create index scheduled_of_payment on scheduled_requests (payment_id);

create table payments (
  payment_id uuid primary key,
  cycle_id uuid not null,
  payee_id uuid not null,
  amount_cents bigint not null,
  request_count int not null,
  effective_date date not null,
  trn_reference text not null unique,
  odfi_routing text not null,
  routing_number text not null,
  account_type text not null,
  last_digits text not null,
  is_explained boolean not null default false
);
create index payments_unexplained on payments (payee_id) where not is_explained;
create index payments_of_cycle on payments (cycle_id);

create table cycles (
  cycle_id uuid primary key,
  closed_at timestamptz not null,
  payments int not null,
  amount_cents bigint not null
);

create table settlements (payment_id uuid primary key, settled_on date not null);
create table returns (
  payment_id uuid primary key,
  return_code text not null,
  returned_on date not null,
  is_reversed boolean not null default false
);
create index returns_unreversed on returns (payment_id) where not is_reversed;

-- One 835 each. Its numbers and its time are stored before its file is written, so that it is always the same file.
create sequence remittance_numbers maxvalue 999999999 cycle;
create table remittances (
  remittance_id uuid primary key,
  kind text not null check (kind in ('payment', 'denial', 'reversal')),
  payee_id uuid not null,
  payment_id uuid references payments,
  cycle_id uuid not null,
  amount_cents bigint not null,
  effective_date date not null,
  state text not null default 'due' check (state in ('due', 'posted', 'failed')),
  trn_reference text unique,
  control_number int,
  issued_at timestamptz,
  file_name text unique,
  sha256 bytea,
  bytes bigint,
  request_count int,
  failure json,
  created_at timestamptz not null default now(),
  posted_at timestamptz,
  check ((kind = 'denial') = (payment_id is null)),
  unique (payment_id, kind)
);
create unique index one_denial_per_cycle_and_payee on remittances (cycle_id, payee_id) where kind = 'denial';
create index remittances_due on remittances (created_at) where state = 'due';
create index remittances_of_cycle on remittances (cycle_id);
create index remittances_newest on remittances (created_at desc);

-- Where in an 835 a request is explained.
create table remitted_requests (
  request_id uuid not null,
  remittance_id uuid not null references remittances,
  paid_cents bigint not null,
  byte_offset bigint not null,
  segment_ordinal int not null,
  primary key (request_id, remittance_id)
);
create index remitted_of_remittance on remitted_requests (remittance_id);
