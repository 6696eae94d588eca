-- What came in: a file, or one request by JSON (door 'api'). The bytes themselves lie in the raw file folder.
create table submissions (
  submission_id uuid primary key,
  door text not null check (door in ('file', 'api')),
  format text not null check (format in ('x12', 'csv', 'json')),
  file_name text,
  bytes bigint not null,
  sha256 text not null,
  path text not null,
  usage text check (usage in ('P', 'T')),
  status text not null check (status in ('received', 'parsing', 'parsed', 'failed')),
  checked boolean not null default false,
  bytes_read bigint not null default 0,
  parts int not null default 0,
  positions int not null default 0,
  failure jsonb,
  received_at timestamptz not null,
  finished_at timestamptz
);
comment on column submissions.path is 'below the raw file folder';
comment on column submissions.checked is 'the whole file was read once and found in order, before any request was said';
comment on column submissions.parts is 'requests.submitted facts said so far; the next one goes on from here';
comment on column submissions.positions is 'requests stored so far: the last position';
create unique index submissions_same_bytes on submissions (sha256) where door = 'file';
create index submissions_to_parse on submissions (received_at) where status in ('received', 'parsing');
create index submissions_newest on submissions (received_at desc);

-- One interchange is taken once: ISA05*ISA06 and ISA13. Those of a failed file are given free again.
create table interchanges (
  sender text not null,
  control_number text not null,
  submission_id uuid not null references submissions,
  primary key (sender, control_number)
);
create index interchanges_of_submission on interchanges (submission_id);

-- A request as it was received, where its bytes are, and how far it has come.
create table requests (
  request_id uuid primary key,
  submission_id uuid not null references submissions,
  position int not null,
  kind text not null,
  claim_id text not null,
  billed_cents bigint,
  byte_offset bigint not null,
  byte_length int not null,
  ordinal int,
  places json,
  status text not null,
  rank smallint not null,
  paid_cents bigint,
  submitted_at timestamptz not null,
  held_at timestamptz,
  decided_at timestamptz,
  scheduled_at timestamptz,
  remitted_at timestamptz,
  unique (submission_id, position)
) with (fillfactor = 70);
comment on column requests.ordinal is 'of its CLM segment in X12, its line in CSV';
comment on column requests.places is 'where its fields stood, as domain/places.ts packs them';
comment on column requests.rank is 'how far the status is; facts may come in any order and only a higher rank moves it';
create index requests_by_claim on requests (claim_id);

-- What validation found; apart from requests so that a change of status stays a cheap one.
create table findings (
  submission_id uuid not null references submissions,
  position int not null,
  outcome text not null check (outcome in ('held', 'rejected')),
  request_id uuid not null references requests,
  findings jsonb not null,
  primary key (submission_id, position, outcome)
);

-- Requests by status, kept with every change, so that progress costs the same however large the file.
create table submission_counts (
  submission_id uuid not null references submissions,
  status text not null,
  requests bigint not null,
  billed_cents bigint not null,
  paid_cents bigint not null,
  primary key (submission_id, status)
) with (fillfactor = 50);

create table idempotency_keys (
  idempotency_key text primary key,
  body_sha256 text not null,
  submission_id uuid not null references submissions,
  request_id uuid not null references requests,
  created_at timestamptz not null
);
