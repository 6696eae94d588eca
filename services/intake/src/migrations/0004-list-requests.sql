-- The lists of requests are read in the order of their index. No index holds the status of a request: it would cost
-- every change of status a new entry in all of them. The counts tell in which submissions a status is to be found.
create unique index requests_newest on requests (submission_id desc, position);
alter table requests drop constraint requests_submission_id_position_key;
create index submission_counts_by_status on submission_counts (status, submission_id desc) where requests > 0;
