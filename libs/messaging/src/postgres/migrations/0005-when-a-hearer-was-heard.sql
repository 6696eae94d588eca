-- When a hearer last sent receipts: one that goes on sending them is behind, not deaf.
alter table receipt_heads add column heard_at timestamptz not null default now();
