import { createHash, randomUUID } from 'node:crypto';
import type { Rows } from './tables.ts';

const lines = (count: number): string =>
  JSON.stringify(
    Array.from({ length: count }, (_, place) => ({
      lineNumber: place + 1,
      lineControl: `1-123456-${place + 1}`,
      procedure: '99213',
      modifiers: [],
      units: '1',
      serviceFrom: '2026-11-01',
      serviceTo: '2026-11-01',
      chargeCents: 14_500,
      paidCents: 11_600,
      adjustments: [{ group: 'CO', reason: '45', amountCents: 2_900 }],
    })),
  );
/** As long as the product's: two lines a claim in the mean. */
const [linesText, claimText] = [
  lines(2),
  JSON.stringify({
    claimId: 'D1-123456',
    subscriber: { memberId: 'M10000001', lastName: 'Alder', firstName: 'Ada', birthDate: '1950-01-01' },
    lines: lines(2),
  }),
];
const placesText = '120,140,160,180,200,220,240,260,280,300,320,340';
const submission = '00000000-0000-4000-8000-000000000001';

export const requestRows = (ids: readonly string[], from: number): Rows => ({
  table: 'requests',
  count: ids.length,
  columns: [
    ['request_id', 'uuid'],
    ['submission_id', 'uuid'],
    ['position', 'int'],
    ['kind', 'text'],
    ['claim_id', 'text'],
    ['billed_cents', 'bigint'],
    ['byte_offset', 'bigint'],
    ['byte_length', 'int'],
    ['places', 'text'],
    ['status', 'text'],
    ['rank', 'smallint'],
  ],
  values: [
    ids,
    randomUUID(),
    ids.map((_, n) => from + n),
    '837P',
    claims(from, ids),
    14_500,
    ids.map((_, n) => (from + n) * 370),
    370,
    placesText,
    'submitted',
    1,
  ],
});

export const decisionRows = (ids: readonly string[], from: number): Rows[] => {
  const keys = ids.map((id) => `\\x${createHash('sha256').update(id).digest('hex')}`);
  const names = claims(from, ids);
  return [
    {
      table: 'bill_history',
      count: ids.length,
      columns: [
        ['bill_key', 'bytea'],
        ['request_id', 'uuid'],
        ['submission_id', 'uuid'],
        ['claim_id', 'text'],
      ],
      values: [keys, ids, submission, names],
    },
    {
      table: 'decisions',
      count: ids.length,
      columns: [
        ['request_id', 'uuid'],
        ['submission_id', 'uuid'],
        ['claim_id', 'text'],
        ['outcome', 'text'],
        ['payee_id', 'uuid'],
        ['billed_cents', 'bigint'],
        ['paid_cents', 'bigint'],
        ['findings', 'text'],
        ['lines', 'text'],
        ['bill_key', 'bytea'],
      ],
      values: [ids, submission, names, 'approved', submission, 14_500, 11_600, '[]', linesText, keys],
    },
  ];
};

export const payableRows = (ids: readonly string[], from: number): Rows[] => [
  {
    table: 'payables',
    count: ids.length,
    columns: [
      ['request_id', 'uuid'],
      ['submission_id', 'uuid'],
      ['claim_id', 'text'],
      ['payee_id', 'uuid'],
      ['amount_cents', 'bigint'],
    ],
    values: [ids, submission, claims(from, ids), submission, 11_600],
  },
  {
    table: 'ledger_transfers',
    count: ids.length,
    columns: [
      ['kind', 'text'],
      ['about_id', 'uuid'],
      ['debit_account', 'text'],
      ['credit_account', 'text'],
      ['amount_cents', 'bigint'],
    ],
    values: ['approved', ids, 'claims-expense', 'payable', 11_600],
  },
];

export const decidedRows = (ids: readonly string[], from: number): Rows => ({
  table: 'decided_requests',
  count: ids.length,
  columns: [
    ['request_id', 'uuid'],
    ['submission_id', 'uuid'],
    ['position', 'int'],
    ['payee_id', 'uuid'],
    ['is_denied', 'boolean'],
    ['claim', 'text'],
  ],
  values: [ids, submission, ids.map((_, n) => from + n), submission, 'f', claimText],
});

export const scheduledRows = (ids: readonly string[], paymentId: string): Rows => ({
  table: 'scheduled_requests',
  count: ids.length,
  columns: [
    ['request_id', 'uuid'],
    ['payment_id', 'uuid'],
    ['amount_cents', 'bigint'],
  ],
  values: [ids, paymentId, 11_600],
});

export const remittedRows = (ids: readonly string[], remittanceId: string): Rows => ({
  table: 'remitted_requests',
  count: ids.length,
  columns: [
    ['request_id', 'uuid'],
    ['remittance_id', 'uuid'],
    ['paid_cents', 'bigint'],
    ['byte_offset', 'bigint'],
    ['segment_ordinal', 'int'],
  ],
  values: [ids, remittanceId, 11_600, ids.map((_, n) => n * 250), ids.map((_, n) => n * 8)],
});

export const subjectRows = (ids: readonly string[], messageId: string): Rows => ({
  table: 'event_subjects',
  count: ids.length,
  columns: [
    ['subject_id', 'uuid'],
    ['message_id', 'uuid'],
  ],
  values: [ids, messageId],
});

export const requestPaymentRows = (ids: readonly string[], paymentId: string): Rows => ({
  table: 'request_payments',
  count: ids.length,
  columns: [
    ['request_id', 'uuid'],
    ['payment_id', 'uuid'],
  ],
  values: [ids, paymentId],
});

const claims = (from: number, ids: readonly string[]): string[] => ids.map((_, n) => `D1-${from + n}`);
