-- A remittance that could not be written waits alone, and is set aside after some attempts.
alter table remittances
  add column attempts int not null default 0,
  add column try_after timestamptz;
comment on column remittances.attempts is 'how often it failed for a cause that says nothing of itself';
