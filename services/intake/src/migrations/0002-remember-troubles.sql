-- A fault on our side never ends a submission: it is remembered, shown, and the reading tried again.
alter table submissions
  add column trouble jsonb,
  add column tries int not null default 0,
  add column next_try_at timestamptz;
comment on column submissions.trouble is 'what hinders its reading on our side: code and message; null again once it goes on';
comment on column submissions.tries is 'readings in a row that such a trouble has ended';
