-- A payment that was returned is issued again as another one, so how far a request is depends on its payments.
alter table requests add column payments jsonb not null default '{}';
comment on column requests.payments is 'by payment id: the highest rank heard of it, its status and cents';
