export const floorServices = ['intake', 'validation', 'payout', 'remittance', 'audit'] as const;
export type FloorService = (typeof floorServices)[number];

/**
 * The tables that the product writes for a claim, with the columns and indexes that cost; a copy, so that the floor
 * stays what it is when the product's tables change. Whoever changes what the product must remember changes it here.
 */
const messageTables = `
  create table outbox (seq bigint generated always as identity primary key, message_id uuid not null,
    fact_name text not null, subject text not null, correlation_id uuid not null, digest bytea not null,
    body bytea, said_at timestamptz not null default now(), published_at timestamptz);
  alter table outbox alter column body set storage external;
  create unique index on outbox (message_id);
  create index on outbox (seq) where published_at is null;
  create table inbox (message_id uuid not null, said_at timestamptz not null default now(), fact_name text not null,
    digest bytea not null, outcome text not null, handled_at timestamptz not null default now(),
    primary key (message_id, said_at));`;

export const tablesOf: Readonly<Record<FloorService, string>> = {
  intake: `${messageTables}
    create table requests (request_id uuid primary key, submission_id uuid not null, position int not null,
      kind text not null, claim_id text not null, billed_cents bigint, byte_offset bigint not null,
      byte_length int not null, places text, status text not null, rank smallint not null, paid_cents bigint,
      submitted_at timestamptz not null default now(), changed_at timestamptz) with (fillfactor = 70);
    create index on requests (claim_id);
    create unique index on requests (submission_id desc, position);`,
  validation: `${messageTables}
    create table bill_history (bill_key bytea primary key, request_id uuid not null, submission_id uuid not null,
      claim_id text not null);
    create table decisions (request_id uuid primary key, submission_id uuid not null, claim_id text not null,
      outcome text not null, payee_id uuid, billed_cents bigint, paid_cents bigint, findings text not null,
      lines text not null, bill_key bytea, decided_at timestamptz not null default now());`,
  payout: `${messageTables}
    create table payables (request_id uuid primary key, submission_id uuid not null, claim_id text not null,
      payee_id uuid not null, amount_cents bigint not null, payment_id uuid);
    create index on payables (payee_id) where payment_id is null;
    create index on payables (payment_id);
    create index on payables (submission_id);
    create table ledger_transfers (transfer_id bigint generated always as identity primary key, kind text not null,
      about_id uuid not null, debit_account text not null, credit_account text not null, amount_cents bigint not null,
      booked_at timestamptz not null default now(), unique (kind, about_id));`,
  remittance: `${messageTables}
    create table decided_requests (request_id uuid primary key, submission_id uuid not null, position int not null,
      payee_id uuid not null, is_denied boolean not null, claim text not null);
    create table scheduled_requests (request_id uuid not null, payment_id uuid not null, amount_cents bigint not null,
      primary key (request_id, payment_id));
    create index on scheduled_requests (payment_id);
    create table remitted_requests (request_id uuid not null, remittance_id uuid not null, paid_cents bigint not null,
      byte_offset bigint not null, segment_ordinal int not null, primary key (request_id, remittance_id));
    create index on remitted_requests (remittance_id);`,
  audit: `${messageTables}
    create table events (message_id uuid primary key, position bigint generated always as identity unique,
      stream text not null, sequence bigint not null, type text not null, subject text not null,
      body_digest bytea not null, body bytea not null, previous_hash bytea not null, hash bytea not null,
      recorded_at timestamptz not null default now(), unique (stream, sequence));
    alter table events alter column body set storage external;
    create index on events (type);
    create table event_subjects (subject_id uuid not null, message_id uuid not null,
      primary key (subject_id, message_id));
    create table request_payments (request_id uuid not null, payment_id uuid not null,
      primary key (request_id, payment_id));`,
};

/** A column: its name and its type in an array parameter. */
export type Rows = {
  readonly table: string;
  readonly columns: readonly (readonly [name: string, type: string])[];
  /** By column, in the order of `columns`; one value stands for all rows. */
  readonly values: readonly (readonly (string | number | null)[] | string | number)[];
  readonly count: number;
};
