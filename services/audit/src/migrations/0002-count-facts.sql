-- How much is remembered, counted as it is written, so that asking costs nothing however long the memory is. A fact has
-- several rows: processes that write at one moment seldom wait for each other.
create table fact_counts (
  type text not null,
  slot int not null,
  events bigint not null,
  streams bigint not null,
  primary key (type, slot)
) with (fillfactor = 50);
comment on column fact_counts.streams is 'streams that a fact of this type began';

insert into fact_counts (type, slot, events, streams)
select type, 0, count(*), count(*) filter (where sequence = 1) from events group by type;
