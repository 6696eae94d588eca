-- Tables that are kept by month, the platform's and those that a service's own migrations name here.
create table monthly_tables (
  parent text primary key
);
comment on table monthly_tables is 'only these are touched by keep_months: the role of the service may make and drop no table';

/*
 * Makes the months of a table that is partitioned by a date or a timestamp, from `behind` months ago to two months
 * ahead, stored as `<parent>_other` is, moves into them what lies there, and drops those that are older than `kept`
 * months (null keeps all). Gives how many were dropped. Runs as its owner. Months are those of UTC.
 */
create function keep_months(parent text, kept int, behind int) returns int language plpgsql security definer
set search_path from current
set timezone = 'UTC'
as $$
declare
  this_month timestamp := date_trunc('month', now() at time zone 'UTC');
  key_column name;
  options text;
  name text;
  month timestamp;
  dropped int := 0;
begin
  if not exists (select 1 from monthly_tables t where t.parent = keep_months.parent) then
    raise exception '% is not a table that is kept by month', parent;
  end if;
  if kept not between 1 and 1200 or behind not between 0 and 1200 then
    raise exception 'months must be 1 to 1200 kept and 0 to 1200 behind, not % and %', kept, behind;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('remitflow.keep-months.' || parent, 0));
  select a.attname into strict key_column
  from pg_partitioned_table p join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
  where p.partrelid = to_regclass(quote_ident(parent)) and p.partstrat = 'r' and p.partnatts = 1;
  select coalesce('with (' || array_to_string(c.reloptions, ', ') || ')', '') into strict options
  from pg_class c where c.oid = to_regclass(quote_ident(parent || '_other'));
  for name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = to_regclass(quote_ident(parent)) and c.relname ~ ('^' || parent || '_[0-9]{6}$')
      and c.relname < parent || '_' || to_char(this_month - make_interval(months => kept), 'YYYYMM')
  loop
    execute format('drop table %I', name);
    dropped := dropped + 1;
  end loop;
  for ahead in -least(behind, coalesce(kept, behind)) .. 2 loop
    month := this_month + make_interval(months => ahead);
    name := parent || '_' || to_char(month, 'YYYYMM');
    continue when to_regclass(quote_ident(name)) is not null;
    execute format('create table %I (like %I including defaults including constraints including storage) %s',
      name, parent, options);
    execute format(
      'with moved as (delete from %1$I where %2$I >= %3$L and %2$I < %4$L returning *) insert into %5$I select * from moved',
      parent || '_other', key_column, month, month + interval '1 month', name);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)',
      parent, name, month, month + interval '1 month');
  end loop;
  return dropped;
end
$$;

insert into monthly_tables (parent) values ('inbox');

create or replace function keep_inbox_months(months int) returns int language sql
as $$ select keep_months('inbox', months, months) $$;
