-- A freeze ends with the suspension that it leads to at validation, whichever of the two versions is heard first.
alter table accounts
  add column frozen_at_version integer, -- a suspension after this version is the one that the freeze has led to
  add column suspended_version integer not null default 0; -- the highest in which the account was suspended

update accounts set suspended_version = version where status = 'suspended';
update accounts set frozen_at_version = case when status = 'active' then version else version - 1 end
where frozen_at is not null;
