-- A cycle that cannot be finished waits for a person and holds back no other; one whose file nobody saw can be abandoned.
alter table cycles
  add column stuck_at timestamptz,
  add column stuck_code text,
  add column stuck_message text,
  add column abandoned_at timestamptz,
  add column abandon_note text,
  add column abandoned_by text,
  drop constraint cycles_status_check,
  add constraint cycles_status_check
    check (status in ('formed', 'announced', 'built', 'transmitting', 'closed', 'abandoned'));

alter table nacha_files
  drop constraint nacha_files_state_check,
  add constraint nacha_files_state_check
    check (state in ('formed', 'built', 'transmitting', 'sent', 'accepted', 'refused', 'abandoned'));

alter table payments
  drop constraint payments_status_check,
  add constraint payments_status_check
    check (status in ('scheduled', 'sent', 'settled', 'returned', 'refused', 'reissued', 'abandoned'));

alter table ledger_transfers
  drop constraint ledger_transfers_kind_check,
  add constraint ledger_transfers_kind_check
    check (kind in ('approved', 'scheduled', 'settled', 'returned', 'refused', 'reissued', 'abandoned'));
