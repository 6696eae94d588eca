-- A fact lives in the outbox until every hearer has said that it committed what follows from it.
alter table outbox
  add column awaiting text[] not null default '{}',
  add column resends int not null default 0,
  add column said_at timestamptz not null default now(),
  add column settled_at timestamptz,
  alter column body drop not null;
comment on column outbox.target is 'the one service that is meant; null means everybody who hears the fact';
comment on column outbox.awaiting is 'services that owe a receipt';
comment on column outbox.resends is 'how often it was published again for want of a receipt';
comment on column outbox.body is 'deflated JSON; null when nobody owes a receipt any more';
update outbox
set said_at = created_at,
    target = regexp_replace(target, '^remitflow\.', ''),
    settled_at = case when published_at is not null then created_at end;
create index outbox_owed on outbox (published_at) where awaiting <> '{}' and published_at is not null;
create index outbox_settled on outbox (settled_at) where settled_at is not null;

-- The latest thing that each hearer has receipted: what was published before it and has no receipt was overtaken.
create table receipt_heads (
  hearer text primary key,
  published_at timestamptz not null
);

-- Facts that were said to everybody and are no longer in the outbox.
create table outbox_pruned (
  only_row boolean primary key default true check (only_row),
  facts bigint not null
);
insert into outbox_pruned (facts) values (0);

alter table dead_letters add column release text not null default '';

-- The inbox by month of the message's own time, the same in every copy of it, so that forgetting is a drop.
alter table inbox rename to inbox_before;
alter index inbox_pkey rename to inbox_before_pkey;
create table inbox (
  message_id uuid not null,
  said_at timestamptz not null,
  fact_name text not null,
  digest bytea not null,
  outcome text not null,
  handled_at timestamptz not null default now(),
  constraint inbox_once primary key (message_id, said_at),
  constraint inbox_outcomes check (outcome in ('done', 'split', 'parked'))
) partition by range (said_at);
create table inbox_other partition of inbox default;
comment on table inbox_other is 'messages whose time is before or after every month that has a partition';

/* Runs as its owner: the role of the service may not make tables. Months are those of UTC. */
create function keep_inbox_months(months int) returns int language plpgsql security definer
set search_path from current
as $$
declare
  month timestamp := date_trunc('month', now() at time zone 'UTC') - make_interval(months => months);
  oldest text := 'inbox_' || to_char(month, 'YYYYMM');
  name text;
  dropped int := 0;
begin
  if months not between 1 and 120 then
    raise exception 'months must be 1 to 120, not %', months;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('remitflow.inbox-months', 0));
  for name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'inbox'::regclass and c.relname ~ '^inbox_[0-9]{6}$' and c.relname < oldest
  loop
    execute format('drop table %I', name);
    dropped := dropped + 1;
  end loop;
  for ahead in 0 .. months + 2 loop
    name := 'inbox_' || to_char(month, 'YYYYMM');
    if to_regclass(name) is null then
      execute format('create table %I (like inbox including defaults including constraints)', name);
      execute format(
        'with moved as (delete from inbox_other where said_at >= %1$L and said_at < %2$L returning *)
         insert into %3$I select * from moved',
        month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC', name);
      execute format('alter table inbox attach partition %I for values from (%L) to (%L)',
        name, month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
    end if;
    month := month + interval '1 month';
  end loop;
  return dropped;
end
$$;
select keep_inbox_months(13);
insert into inbox (message_id, said_at, fact_name, digest, outcome, handled_at)
select message_id, handled_at, fact_name, digest, outcome, handled_at from inbox_before;
drop table inbox_before;
