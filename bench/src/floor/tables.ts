export const floorServices = ['intake', 'validation', 'payout', 'remittance', 'audit'] as const;
export type FloorService = (typeof floorServices)[number];

/**
 * The tables that the product writes once or more for a claim or for a part of a file, with the columns, indexes and
 * free space that cost; README.md holds them against the product's. A partition is one: of each, one is written at a time.
 */
const messageTables = `
  create table outbox (seq bigint generated always as identity primary key, message_id uuid not null,
    fact_name text not null, subject text not null, awaiting text[] not null, correlation_id uuid not null,
    digest bytea not null, body bytea, said_at timestamptz not null default now(), published_at timestamptz);
  alter table outbox alter column body set storage external;
  create unique index on outbox (message_id);
  create index on outbox (seq) where published_at is null;
  create table inbox (message_id uuid not null, said_at timestamptz not null default now(), fact_name text not null,
    digest bytea not null, outcome text not null, handled_at timestamptz not null default now(),
    primary key (message_id, said_at)) partition by range (said_at);
  create table inbox_other partition of inbox default;`;

export const tablesOf: Readonly<Record<FloorService, string>> = {
  intake: `${messageTables}
    create table requests (request_id uuid not null, submission_id uuid not null, billed_cents bigint, paid_cents bigint,
      decided_at timestamptz, scheduled_at timestamptz, remitted_at timestamptz, received_on date not null,
      position int not null, rank smallint not null, status text not null, claim_id text not null, payment_id uuid,
      primary key (request_id, received_on)) partition by range (received_on);
    create table requests_other partition of requests default with (fillfactor = 35);
    create unique index on requests (submission_id desc, position, received_on);
    create index on requests (claim_id);
    create table request_parts (submission_id uuid not null, first_position int not null, last_position int not null,
      received_on date not null, submitted_at timestamptz not null default now(), places bytea not null,
      primary key (submission_id, first_position, received_on));
    alter table request_parts alter column places set storage external;`,
  validation: `${messageTables}
    create table bill_history (served_on date not null, bill_key bytea not null, request_id uuid not null,
      submission_id uuid not null, claim_id text not null, primary key (served_on, bill_key)) partition by range (served_on);
    create table bill_history_other partition of bill_history default;
    create table decisions (decided_at timestamptz not null default now(), billed_cents bigint, paid_cents bigint,
      received_on date not null, lines_place smallint, request_id uuid not null, submission_id uuid not null, payee_id uuid,
      contract_id uuid, lines_in uuid, claim_id text not null, outcome text not null, rules_version text not null,
      primary key (received_on, request_id)) partition by range (received_on);
    create table decisions_other partition of decisions default;
    create table packed_lines (request_id uuid primary key, lines bytea not null);
    alter table packed_lines alter column lines set storage external;`,
  payout: `${messageTables}
    create table payable_requests (request_id uuid primary key, part_id bigint not null);
    create table payable_parts (part_id bigint primary key, submission_id uuid not null, payee_id uuid not null,
      requests int not null, amount_cents bigint not null, request_ids uuid[] not null, claim_ids text[] not null,
      request_cents bigint[] not null, payment_id uuid, returned_payment_ids uuid[] not null default '{}');
    alter table payable_parts alter column request_ids set storage external, alter column claim_ids set storage external,
      alter column request_cents set storage external;
    create index on payable_parts (payee_id) where payment_id is null;
    create index on payable_parts (payment_id, part_id) where payment_id is not null;
    create table approvals (message_id uuid primary key, submission_id uuid not null, payables int not null,
      amount_cents bigint not null);
    create index on approvals (submission_id);
    create table ledger_transfers (transfer_id bigint generated always as identity primary key, kind text not null,
      about_id uuid not null, debit_account text not null, credit_account text not null, amount_cents bigint not null,
      booked_at timestamptz not null default now(), unique (kind, about_id));`,
  remittance: `${messageTables}
    create table decided_requests (request_id uuid primary key, part_id bigint not null, place smallint not null);
    create table decided_parts (part_id bigint primary key, submission_id uuid not null, payee_id uuid not null,
      is_denied boolean not null, first_position int not null, requests int not null, claims bytea not null);
    alter table decided_parts alter column claims set storage external;
    create table scheduled_parts (payment_id uuid not null, requests int not null, request_ids uuid[] not null);
    alter table scheduled_parts alter column request_ids set storage external;
    create index on scheduled_parts (payment_id);
    create table explained_parts (part_id bigint generated always as identity, remittance_id uuid not null,
      paid_cents bigint[] not null, byte_offsets bigint[] not null, segment_ordinals int[] not null,
      primary key (part_id, remittance_id));`,
  audit: `${messageTables}
    create table events (message_id uuid not null, month date not null, position bigint generated always as identity,
      stream text collate "C" not null, sequence bigint not null, type text not null, source text not null,
      subject text not null, time text not null, correlation_id uuid not null, body_digest bytea not null,
      stored_digest bytea not null, body bytea not null, previous_hash bytea not null, hash bytea not null,
      recorded_at timestamptz not null default now(), primary key (message_id, month), unique (stream, sequence, month));
    alter table events alter column body set storage external;
    create index on events (position);
    create table event_places (block uuid not null, places int4multirange not null, message_id uuid not null,
      month date not null);
    create index on event_places (block);`,
};

export type Value = string | number | Buffer;

/** A column: its name and its type in an array parameter. */
export type Rows = {
  readonly table: string;
  readonly columns: readonly (readonly [name: string, type: string])[];
  /** By column, in the order of `columns`; one value stands for all rows. */
  readonly values: readonly (readonly Value[] | Value)[];
  readonly count: number;
};
