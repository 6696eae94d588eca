/*
 * Requests whose ids are a submission and a position (version 8, ADR 24) by their places: a bulk fact about two thousand
 * of them has a row or two instead of two thousand. What is in event_subjects stays there and is found as before.
 */
create table event_places (
  block uuid not null,
  places smallint[] not null,
  message_id uuid not null,
  month date not null
) partition by range (month);
alter table event_places alter column places set storage main;
comment on column event_places.block is 'the ids of 65,536 requests, with zeros for their last four digits';
comment on column event_places.places is 'the last four digits of those that the event is about, less 32,768, ascending';
-- Places of two thousand are kept beside their block, and not packed: that would cost more than writing them.
create table event_places_other partition of event_places default with (toast_tuple_target = 8160);
create index event_places_by_block on event_places (block);
insert into monthly_tables (parent) values ('event_places');

-- The same months as the events have.
do $$
declare
  events_month text;
begin
  for events_month in
    select inhrelid::regclass::text from pg_inherits
     where inhparent = to_regclass('events') and inhrelid <> to_regclass('events_other')
  loop
    execute format('create table %I partition of event_places for values from (%L) to (%L) with (toast_tuple_target = 8160)',
      'event_places_' || right(events_month, 6), to_date(right(events_month, 6), 'YYYYMM'),
      (to_date(right(events_month, 6), 'YYYYMM') + interval '1 month')::date);
  end loop;
end $$;

create or replace function keep_event_months() returns void language plpgsql security definer
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
    drop trigger if exists append_only on event_places_other;
  end if;
  foreach parent in array array['events', 'event_subjects', 'event_places'] loop
    perform keep_months(parent, null, behind);
    for part in
      select inhrelid::regclass from pg_inherits where inhparent = to_regclass(parent)
        and not exists (select 1 from pg_trigger where tgrelid = inhrelid and tgname = 'append_only')
    loop
      perform make_append_only(part);
    end loop;
  end loop;
end $$;

create or replace function forget_event_month(forgotten date) returns void language plpgsql security definer
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
  execute format('lock table %I, %I, %I in access exclusive mode', 'events' || suffix, 'event_subjects' || suffix, 'event_places' || suffix);
  if exists (
    select 1 from (select stream, max(sequence) as sequence from events where month = forgotten group by stream) ends
     where not exists (
       select 1 from checkpoint_heads anchor
        where anchor.stream = ends.stream and anchor.sequence = ends.sequence and anchor.forgets = forgotten))
  then
    raise exception 'streams of % have no anchor', forgotten;
  end if;
  execute format('drop table %I, %I, %I', 'events' || suffix, 'event_subjects' || suffix, 'event_places' || suffix);
end $$;

select keep_event_months();
select make_append_only('event_places');
