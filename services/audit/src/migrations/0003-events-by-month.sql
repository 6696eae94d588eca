/*
 * The events by month, so that forgetting is a drop. The month is that of the message's own time, the same in every copy
 * of it, and a stream is of one month: so a message is remembered once, a number in a stream is taken once, and a month
 * holds whole streams.
 */
drop trigger append_only on events;
alter table events rename to events_before;
alter table events_before rename constraint events_pkey to events_before_pkey;
alter table event_subjects rename to event_subjects_before;
alter table event_subjects_before rename constraint event_subjects_pkey to event_subjects_before_pkey;
create sequence event_positions;

create table events (
  message_id uuid not null,
  month date not null,
  position bigint not null default nextval('event_positions'),
  stream text collate "C" not null,
  sequence bigint not null constraint events_begin_at_one check (sequence > 0),
  type text not null,
  source text not null,
  subject text not null,
  time text not null,
  correlation_id uuid not null,
  causation_id uuid,
  body_digest bytea not null,
  stored_digest bytea,
  body bytea not null,
  previous_hash bytea not null,
  hash bytea not null,
  found_by_cause boolean not null default false,
  recorded_at timestamptz not null default now(),
  constraint events_once primary key (message_id, month),
  constraint events_in_stream unique (stream, sequence, month)
) partition by range (month);
comment on column events.month is 'first day of the month of the time';
comment on column events.position is 'the order in which facts were recorded here; not part of the hash, and it has gaps';
comment on column events.time is 'when it was said, ISO 8601, exactly as hashed';
comment on column events.body is 'deflated JSON, whose SHA-256 before deflating is body_digest, and as it stands stored_digest';
comment on column events.found_by_cause is 'it is about nobody that its cause is not about, and has no subjects of its own';
comment on column events.stored_digest is 'null in events of before there was one';
alter table events alter column body set storage external;
create table events_other partition of events default;
create index events_in_order on events (position);
create index events_by_cause on events (causation_id) where found_by_cause;

-- Where to begin to look for what happened to a request; the rest is found from there.
create table event_subjects (
  subject_id uuid not null,
  message_id uuid not null,
  month date not null
) partition by range (month);
create table event_subjects_other partition of event_subjects default;
create index event_subjects_by_subject on event_subjects (subject_id);

-- A stream of before is of the month in which it began.
create table months_before as
  select stream, min(case when time ~ '^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-' then (left(time, 7) || '-01')::date else '0001-01-01' end) as month
    from events_before group by stream;

alter table stream_heads
  alter column stream type text collate "C",
  add column month date,
  add column previous_hash bytea,
  add column has_grown boolean not null generated always as (last_sequence > checkpointed_sequence) stored;
update stream_heads set month = coalesce((select month from months_before before where before.stream = stream_heads.stream), '0001-01-01');
alter table stream_heads alter column month set not null, set (fillfactor = 70);
comment on column stream_heads.previous_hash is 'what the last event follows';
drop index stream_heads_uncheckpointed;
-- On a column that seldom changes: a head that grows again and again is rewritten in place.
create index stream_heads_grown on stream_heads (stream) where has_grown;
create index stream_heads_by_month on stream_heads (month, stream);

-- A checkpoint that forgets names the ends of streams of a month that is dropped afterwards: verification begins behind them.
drop trigger append_only on checkpoint_heads;
alter table checkpoints add column forgets date;
alter table checkpoint_heads
  alter column stream type text collate "C",
  add column month date,
  add column forgets date;
update checkpoint_heads set month = coalesce((select month from months_before before where before.stream = checkpoint_heads.stream), '0001-01-01');
alter table checkpoint_heads alter column month set not null;
create index checkpoints_forgetting on checkpoints (forgets) where forgets is not null;
create index checkpoint_heads_anchors on checkpoint_heads (stream, sequence) where forgets is not null;

insert into monthly_tables (parent) values ('events'), ('event_subjects');

/* Refuses to change what is in a table, by trigger to everybody and by grant to every other role than the owner. */
create function make_append_only(append_only regclass) returns void language plpgsql as $$
declare
  other_role text;
begin
  execute format('create or replace trigger append_only before update or delete or truncate on %s for each statement execute function refuse_change()', append_only);
  execute format('alter table %s enable always trigger append_only', append_only);
  execute format('revoke update, delete, truncate on %s from public', append_only);
  for other_role in
    select distinct pg_get_userbyid(granted.grantee)
      from pg_class, aclexplode(relacl) as granted
     where pg_class.oid = append_only and granted.grantee not in (0, relowner)
  loop
    execute format('revoke update, delete, truncate on %s from %I', append_only, other_role);
  end loop;
end $$;

/*
 * Makes the months that the events need, append-only as the rest: those around now, and those of events that came late
 * or early. Runs as its owner.
 */
create function keep_event_months() returns void language plpgsql security definer
set search_path from current
set lock_timeout = '2s' -- whoever waits for a long reader holds up those who append
as $$
declare
  strays interval;
  behind int := 1;
  parent text;
  part regclass;
begin
  select age(min(month)) into strays from events_other where month between now() - interval '10 years' and now() + interval '2 months';
  if strays is not null then
    behind := greatest(1, extract(year from strays) * 12 + extract(month from strays) + 1);
    drop trigger if exists append_only on events_other;
    drop trigger if exists append_only on event_subjects_other;
  end if;
  foreach parent in array array['events', 'event_subjects'] loop
    perform keep_months(parent, null, behind);
    for part in
      select inhrelid::regclass from pg_inherits where inhparent = to_regclass(parent)
        and not exists (select 1 from pg_trigger where tgrelid = inhrelid and tgname = 'append_only')
    loop
      perform make_append_only(part);
    end loop;
  end loop;
end $$;

/*
 * Drops the events of a past month and what was found by them. Refused while a stream of the month has no anchor at its
 * end: a checkpoint that forgets it. Runs as its owner.
 */
create function forget_event_month(forgotten date) returns void language plpgsql security definer
set search_path from current
set lock_timeout = '2s'
as $$
declare
  suffix text := to_char(forgotten, '_YYYYMM');
begin
  if forgotten >= date_trunc('month', now() at time zone 'UTC') then
    raise exception 'the month % is not over', forgotten;
  end if;
  if to_regclass('events' || suffix) is null then
    raise exception 'there is no month %', forgotten;
  end if;
  execute format('lock table %I, %I in access exclusive mode', 'events' || suffix, 'event_subjects' || suffix);
  if exists (
    select 1 from (select stream, max(sequence) as sequence from events where month = forgotten group by stream) ends
     where not exists (
       select 1 from checkpoint_heads anchor
        where anchor.stream = ends.stream and anchor.sequence = ends.sequence and anchor.forgets = forgotten))
  then
    raise exception 'streams of % have no anchor', forgotten;
  end if;
  execute format('drop table %I, %I', 'events' || suffix, 'event_subjects' || suffix);
end $$;

insert into events
  (message_id, month, position, stream, sequence, type, source, subject, time, correlation_id, causation_id, body_digest, body,
   previous_hash, hash, recorded_at)
select message_id, month, position, stream, sequence, type, source, subject, time, correlation_id, causation_id, body_digest, body,
       previous_hash, hash, recorded_at
  from events_before join months_before using (stream);
select setval('event_positions', coalesce(max(position), 0) + 1, false) from events;
insert into event_subjects (subject_id, message_id, month)
select subject_id, message_id, month from event_subjects_before join events using (message_id);

-- Which payment pays a request stands in the fact that schedules it.
drop table events_before, event_subjects_before, request_payments, months_before;

select keep_event_months();
select make_append_only(to_regclass(name)) from unnest(array['events', 'event_subjects', 'checkpoint_heads']) as name;
