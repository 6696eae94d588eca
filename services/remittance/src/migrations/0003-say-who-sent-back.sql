-- A payment comes back from the payee's bank with one of Nacha's codes, or our own bank never took its file. Until now
-- the second was told by a code that Nacha leaves free.
alter table returns
  alter column return_code drop not null,
  add column sent_back_by text not null default 'payees-bank';
comment on column returns.return_code is 'addenda 99, field 3; null when there was none that could be read';
comment on column returns.sent_back_by is 'payees-bank, own-bank, or one that payout names later';
update returns set sent_back_by = 'own-bank', return_code = null where return_code = 'X01';
