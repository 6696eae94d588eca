-- What became of a dead letter: docs/operating-messages.md has the table of states.
alter table dead_letters drop constraint dead_letters_state_check;
alter table dead_letters add constraint dead_letters_state_check
  check (state in ('open', 'redriving', 'redriven', 'edited', 'discarded'));
create index dead_letters_by_time on dead_letters (parked_at desc, dead_letter_id desc);

-- What people did about dead letters, in order.
create table dead_letter_acts (
  seq bigint generated always as identity primary key,
  dead_letter_id uuid not null references dead_letters on delete cascade,
  act text not null check (act in ('redriven', 'edit-proposed', 'edited', 'edit-refused', 'discarded')),
  by text not null,
  reason text,
  run_id uuid,
  proposal_id uuid,
  acted_at timestamptz not null default now()
);
create index dead_letter_acts_of_letter on dead_letter_acts (dead_letter_id, seq);

-- A redrive of many dead letters: a list that was frozen when it was started, sent at a rate and with a canary.
create table redrive_runs (
  run_id uuid primary key,
  state text not null check (state in ('running', 'paused', 'stopped', 'finished')),
  by text not null,
  reason text not null,
  selection jsonb not null,
  per_second int not null check (per_second > 0),
  canary int[] not null,
  failure_limit int not null,
  halted_because text,
  sent_before int not null default 0,
  failed_before int not null default 0,
  started_at timestamptz not null default now(),
  ended_at timestamptz
);
comment on column redrive_runs.canary is 'how many are sent before their outcomes are waited for; after the last, the rest';
comment on column redrive_runs.sent_before is 'what was sent before the canary began anew, and below what had failed';
create index redrive_runs_by_time on redrive_runs (started_at desc);

create table redrive_items (
  run_id uuid not null references redrive_runs on delete cascade,
  place int not null,
  dead_letter_id uuid not null references dead_letters on delete cascade,
  state text not null check (state in ('waiting', 'sent', 'handled', 'failed', 'released')),
  code text,
  sent_at timestamptz,
  primary key (run_id, place)
);
create index redrive_items_by_state on redrive_items (run_id, state, place);
create index redrive_items_under_way on redrive_items (run_id) where state = 'sent';
create index redrive_items_of_letter on redrive_items (dead_letter_id);
create unique index redrive_items_taken_once on redrive_items (dead_letter_id) where state = 'waiting';

-- Other words for a dead letter, which a second person has to agree to.
create table edit_proposals (
  proposal_id uuid primary key,
  dead_letter_id uuid not null references dead_letters on delete cascade,
  state text not null check (state in ('waiting', 'approved', 'refused', 'overtaken')),
  body bytea,
  digest bytea not null,
  changes jsonb not null,
  by text not null,
  reason text not null,
  proposed_at timestamptz not null default now(),
  decided_by text,
  decided_because text,
  decided_at timestamptz
);
comment on column edit_proposals.body is 'deflated JSON, as sensitive as dead_letters.body; emptied when it is decided';
comment on column edit_proposals.changes is 'what is shown of it: personal fields are masked';
alter table edit_proposals alter column body set storage external;
create unique index edit_proposals_waiting on edit_proposals (dead_letter_id) where state = 'waiting';
create index edit_proposals_of_letter on edit_proposals (dead_letter_id, proposed_at);
