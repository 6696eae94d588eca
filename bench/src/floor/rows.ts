import { createHash } from 'node:crypto';
import { claims, lines, places } from './bodies.ts';
import { idsOf, ofOnePayment, paymentsOf, type Part } from './part.ts';
import type { Rows, Value } from './tables.ts';

type Columns = Readonly<Record<string, readonly [type: string, value: readonly Value[] | Value]>>;

const today = '2026-11-20';

/** What the product writes for a part of a file, by service and by what it has heard: the values mean nothing. */
export const submittedRows = (part: Part): Rows[] => [
  rows(part, 'requests', {
    request_id: ['uuid', idsOf(part)],
    submission_id: ['uuid', part.submissionId],
    received_on: ['date', today],
    position: ['int', positions(part)],
    claim_id: ['text', claimIds(part)],
    billed_cents: ['bigint', 14_500],
    status: ['text', 'submitted'],
    rank: ['smallint', 0],
  }),
  row('request_parts', {
    submission_id: ['uuid', part.submissionId],
    first_position: ['int', part.from],
    last_position: ['int', part.from + part.count - 1],
    received_on: ['date', today],
    places: ['bytea', places],
  }),
];

export const decisionRows = (part: Part): Rows[] => {
  const ids = idsOf(part);
  return [
    rows(part, 'bill_history', {
      served_on: ['date', today],
      bill_key: ['bytea', ids.map(billKey)],
      request_id: ['uuid', ids],
      submission_id: ['uuid', part.submissionId],
      claim_id: ['text', claimIds(part)],
    }),
    rows(part, 'decisions', {
      request_id: ['uuid', ids],
      submission_id: ['uuid', part.submissionId],
      received_on: ['date', today],
      claim_id: ['text', claimIds(part)],
      outcome: ['text', 'approved'],
      rules_version: ['text', '1'],
      payee_id: ['uuid', part.submissionId],
      contract_id: ['uuid', part.submissionId],
      lines_in: ['uuid', ids[0]!],
      lines_place: ['smallint', positions({ ...part, from: 0 })],
      billed_cents: ['bigint', 14_500],
      paid_cents: ['bigint', 11_600],
    }),
    row('packed_lines', { request_id: ['uuid', ids[0]!], lines: ['bytea', lines] }),
  ];
};

export const payableRows = (part: Part, messageId: string): Rows[] => [
  rows(part, 'payable_requests', {
    request_id: ['uuid', idsOf(part)],
    part_id: ['bigint', keptInOf(part)],
  }),
  ...paymentsOf(part).map((one) =>
    row('payable_parts', {
      part_id: ['bigint', partIdOf(one)],
      submission_id: ['uuid', one.submissionId],
      payee_id: ['uuid', one.submissionId],
      requests: ['int', one.count],
      amount_cents: ['bigint', 11_600 * one.count],
      request_ids: ['uuid[]', `{${idsOf(one).join()}}`],
      claim_ids: ['text[]', `{${claimIds(one).join()}}`],
      request_cents: ['bigint[]', `{${positions(one).join()}}`],
    }),
  ),
  row('approvals', {
    message_id: ['uuid', messageId],
    submission_id: ['uuid', part.submissionId],
    payables: ['int', part.count],
    amount_cents: ['bigint', 11_600 * part.count],
  }),
  row('ledger_transfers', {
    kind: ['text', 'approved'],
    about_id: ['uuid', messageId],
    debit_account: ['text', 'claims-expense'],
    credit_account: ['text', 'payables'],
    amount_cents: ['bigint', 11_600 * part.count],
  }),
];

export const decidedRows = (part: Part): Rows[] => [
  rows(part, 'decided_requests', {
    request_id: ['uuid', idsOf(part)],
    part_id: ['bigint', keptInOf(part)],
    place: ['smallint', positions({ ...part, from: 0 })],
  }),
  ...paymentsOf(part).map((one) =>
    row('decided_parts', {
      part_id: ['bigint', partIdOf(one)],
      submission_id: ['uuid', one.submissionId],
      payee_id: ['uuid', one.submissionId],
      is_denied: ['boolean', 'false'],
      first_position: ['int', one.from],
      requests: ['int', one.count],
      claims: ['bytea', claims],
    }),
  ),
];

/** What is scheduled together, and one 835 for each payment. */
export const explainedRows = (part: Part, messageId: string): Rows[] =>
  paymentsOf(part).flatMap((one) => [
    row('scheduled_parts', {
      payment_id: ['uuid', messageId],
      requests: ['int', one.count],
      request_ids: ['uuid[]', `{${idsOf(one).join()}}`],
    }),
    row('explained_parts', {
      remittance_id: ['uuid', messageId],
      paid_cents: ['bigint[]', `{${positions(one).join()}}`],
      byte_offsets: ['bigint[]', `{${positions(one).join()}}`],
      segment_ordinals: ['int[]', `{${positions(one).join()}}`],
    }),
  ]);

/** Whom an event is about is written with what comes first: what follows from it is found by its cause. */
export const subjectRows = (part: Part, messageId: string): Rows[] => [
  row('event_places', {
    block: ['uuid', `${part.submissionId.slice(0, 32)}0000`],
    places: ['int4multirange', `{[${part.from},${part.from + part.count})}`],
    message_id: ['uuid', messageId],
    month: ['date', '2026-11-01'],
  }),
];

const rows = ({ count }: Part, table: string, columns: Columns): Rows => ({
  table,
  count,
  columns: Object.entries(columns).map(([name, [type]]) => [name, type]),
  values: Object.values(columns).map(([, value]) => value),
});

const row = (table: string, columns: Columns): Rows => rows({ count: 1 } as Part, table, columns);

const positions = ({ from, count }: Part): number[] => Array.from({ length: count }, (_, n) => from + n);

const claimIds = ({ from, count }: Part): string[] =>
  Array.from({ length: count }, (_, n) => `B101-${from + n}`);

const billKey = (id: string): string => `\\x${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;

/** One number for the requests of one payee in a part, the same wherever it is made. */
export const partIdOf = ({ submissionId, from }: Part): number =>
  parseInt(submissionId.slice(0, 8), 16) * 100_000 + Math.floor(from / ofOnePayment);

/** By request: in which of those it is kept. */
const keptInOf = (part: Part): number[] =>
  paymentsOf(part).flatMap((one) => Array.from({ length: one.count }, () => partIdOf(one)));
