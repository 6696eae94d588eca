-- How often a retry was begun: one that keeps ending its process never comes to count an attempt.
alter table retries add column leases int not null default 0;
