-- What was said in the same transaction as the business rows, in the order in which it was said.
create table outbox (
  seq bigint generated always as identity primary key,
  message_id uuid not null,
  fact_name text not null,
  subject text not null,
  target text,
  correlation_id uuid not null,
  causation_id uuid,
  trace_parent text,
  digest bytea not null,
  body bytea not null,
  created_at timestamptz not null default now(),
  not_before timestamptz not null default now(),
  published_at timestamptz
);
comment on column outbox.target is 'the one queue that is meant; null means everybody who hears the fact';
comment on column outbox.body is 'deflated JSON';
alter table outbox alter column body set storage external;
create unique index outbox_said_once on outbox (message_id) where target is null;
create index outbox_unpublished on outbox (seq) where published_at is null;

-- What this service has heard, so that it acts once however often a message comes.
create table inbox (
  message_id uuid primary key,
  fact_name text not null,
  digest bytea not null,
  outcome text not null check (outcome in ('done', 'split', 'parked')),
  handled_at timestamptz not null default now()
);

-- Messages that failed for a passing reason and are tried again later.
create table retries (
  message_id uuid primary key,
  envelope jsonb not null,
  body bytea not null,
  attempts jsonb not null,
  attempt_count int not null,
  due_at timestamptz not null,
  created_at timestamptz not null default now()
);
create index retries_due on retries (due_at);

-- Messages that cannot be processed, with everything that is needed to understand and redrive them.
create table dead_letters (
  dead_letter_id uuid primary key,
  message_id uuid not null unique,
  fact_name text not null,
  fingerprint text not null,
  error_code text not null,
  error_text text not null,
  attempts jsonb not null,
  envelope jsonb not null,
  body bytea not null,
  state text not null check (state in ('open', 'redriven')),
  parked_at timestamptz not null default now(),
  redriven_at timestamptz,
  redriven_by text
);
create index dead_letters_open on dead_letters (fingerprint, parked_at) where state = 'open';
