-- Every fact, once, in a chain of hashes per stream. Rows are added and never changed.
create table events (
  message_id uuid primary key,
  position bigint generated always as identity unique,
  stream text not null,
  sequence bigint not null check (sequence > 0),
  type text not null,
  source text not null,
  subject text not null,
  time text not null,
  correlation_id uuid not null,
  causation_id uuid,
  body_digest bytea not null,
  body bytea not null,
  previous_hash bytea not null,
  hash bytea not null,
  recorded_at timestamptz not null default now(),
  unique (stream, sequence)
);
comment on column events.position is 'the order in which facts were recorded here; not part of the hash, and it has gaps';
comment on column events.time is 'when it was said, ISO 8601, exactly as hashed';
comment on column events.body is 'deflated JSON, whose SHA-256 before deflating is body_digest';
alter table events alter column body set storage external;
create index events_by_type on events (type);

-- Where each stream ends; the row is the lock under which a stream grows.
create table stream_heads (
  stream text primary key,
  last_sequence bigint not null,
  last_hash bytea not null,
  checkpointed_sequence bigint not null default 0
);
create index stream_heads_uncheckpointed on stream_heads (stream) where last_sequence > checkpointed_sequence;

-- What an event is about: requests, payments, payees, and submissions and cycles as a whole.
create table event_subjects (
  subject_id uuid not null,
  message_id uuid not null,
  primary key (subject_id, message_id)
);

-- Which payment pays a request, so that what happens to the payment is in the request's trail.
create table request_payments (
  request_id uuid not null,
  payment_id uuid not null,
  primary key (request_id, payment_id)
);

-- A chain over the heads: who cuts off events and mends their head has to mend this too, and the copies of it.
create table checkpoints (
  number bigint primary key,
  previous_hash bytea not null,
  heads_digest bytea not null,
  streams int not null,
  taken_at timestamptz not null,
  hash bytea not null
);
create table checkpoint_heads (
  number bigint not null references checkpoints,
  stream text not null,
  sequence bigint not null,
  hash bytea not null,
  primary key (number, stream)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit tables are append-only: % on % is refused', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;

-- Refused by trigger to everybody, the owner and replication sessions too, and by grant to every other role.
do $$
declare
  append_only text;
  other_role text;
begin
  foreach append_only in array array['events', 'event_subjects', 'request_payments', 'checkpoints', 'checkpoint_heads'] loop
    execute format('create trigger append_only before update or delete or truncate on %I for each statement execute function refuse_change()', append_only);
    execute format('alter table %I enable always trigger append_only', append_only);
    execute format('revoke update, delete, truncate on %I from public', append_only);
    for other_role in
      select distinct pg_get_userbyid(granted.grantee)
        from pg_class, aclexplode(relacl) as granted
       where pg_class.oid = append_only::regclass and granted.grantee not in (0, relowner)
    loop
      execute format('revoke update, delete, truncate on %I from %I', append_only, other_role);
    end loop;
  end loop;
end $$;
