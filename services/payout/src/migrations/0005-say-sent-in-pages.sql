alter table cycles
  add column sent_parts integer not null default 0,
  add column sent_until text not null default ''; -- trace number of the last payment that was said to be sent
