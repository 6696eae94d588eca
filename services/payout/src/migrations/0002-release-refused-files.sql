-- A file that the originating bank refuses is a way back for its payments, as a return is.
alter table ledger_transfers drop constraint ledger_transfers_kind_check;
alter table ledger_transfers add constraint ledger_transfers_kind_check
  check (kind in ('approved', 'scheduled', 'settled', 'returned', 'refused', 'reissued'));

-- What was refused until now was booked nowhere.
insert into ledger_transfers (kind, about_id, debit_account, credit_account, amount_cents)
select 'refused', payment_id, 'payouts-in-transit', 'returned-payouts', amount_cents
from payments where status = 'refused';
update payments set return_code = 'X01', returned_on = current_date,
  return_reason = 'The originating bank refused the whole file: nothing was paid.'
where status = 'refused';
