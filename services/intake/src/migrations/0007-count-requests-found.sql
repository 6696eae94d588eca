-- Parts of a file are cut shorter towards its end, and a reading that goes on after a restart has to cut as before.
alter table submissions add column requests_found int;
comment on column submissions.requests_found is 'counted when the file was checked; null of those checked before this was kept';
