import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { messageTables } from '@remitflow/messaging';
import { readMigrations, type Database } from '@remitflow/persistence';
import {
  openTestDatabase,
  type PlannedTransaction,
  type TestDatabase,
  wholeTableReadBy,
} from '@remitflow/testing';
import { BankAnswerStore } from './bank-answer.store.ts';
import { CycleStore } from './cycle.store.ts';
import { OverviewStore } from './overview.store.ts';
import { PayableStore } from './payable.store.ts';
import { PayeeStore } from './payee.store.ts';
import { PaymentStore } from './payment.store.ts';

/** Every one of them grows with the claims or with the payments, and holds a hundred thousand rows or more here. */
const largeTables = ['payable_requests', 'payable_parts', 'payments', 'ledger_transfers', 'approvals'];

/** 200,000 requests of which the last thousand are open; 100,000 payments in 50 cycles of 2,000. */
const history = [
  `insert into payees select md5('payee' || n)::uuid, 1, '1234567893', '123456789', 'CLINIC ' || n, 'active', md5('account' || n)::uuid
     from generate_series(0, 1999) n`,
  `insert into accounts (account_id, payee_id, version, routing_number, account_type, last_digits, status, encrypted_number)
   select md5('account' || n)::uuid, md5('payee' || n)::uuid, 1, '021000021', 'checking', '1234', 'active', 'x'
     from generate_series(0, 1999) n`,
  `insert into cycles (cycle_id, reason, status, formed_at, payments, requests, amount_cents, held_back)
   select md5('cycle' || n)::uuid, 'spec', 'closed', now(), 2000, 4000, 200000, '{}' from generate_series(0, 50) n`,
  `insert into nacha_files (cycle_id, file_name, odfi_routing, immediate_destination, created_on, created_time, file_id_modifier,
                            effective_date, header, entries, amount_cents)
   select md5('cycle' || n)::uuid, n || '.ach', '091000019', '091000019', date '2026-01-01' + n, '1600', 'A', '2026-11-24', '{}',
          2000, 200000 from generate_series(0, 50) n`,
  `insert into payments (payment_id, cycle_id, payee_id, account_id, amount_cents, request_count, trace_number, trn_reference,
                         entry_line, receiver_id, receiver_name, routing_number, account_type, last_digits, encrypted_number, status)
   select md5('payment' || n)::uuid, md5('cycle' || n / 2000)::uuid, md5('payee' || n % 2000)::uuid, md5('account' || n % 2000)::uuid,
          100, 2, '09100001' || lpad(n::text, 7, '0'), 'RF' || n, 3, '1234567893', 'CLINIC', '021000021', 'checking', '1234', 'x', 'sent'
     from generate_series(0, 99999) n`,
  `insert into payable_parts (part_id, submission_id, payee_id, requests, amount_cents, request_ids, claim_ids, request_cents, payment_id)
   select n, md5('submission' || n / 250)::uuid, md5('payee' || n % 2000)::uuid, 2, 100,
          array[md5('request' || 2 * n)::uuid, md5('request' || 2 * n + 1)::uuid], array['1', '2'], array[50, 50],
          case when n < 99500 then md5('payment' || n)::uuid end from generate_series(0, 99999) n`,
  `select setval(pg_get_serial_sequence('payable_parts', 'part_id'), 100001)`,
  `insert into payable_requests select md5('request' || n)::uuid, n / 2 from generate_series(0, 199999) n`,
  `insert into approvals select md5('message' || n)::uuid, md5('submission' || n / 500)::uuid, 1, 50 from generate_series(0, 99999) n`,
  `insert into ledger_transfers (kind, about_id, debit_account, credit_account, amount_cents)
   select 'approved', md5('message' || n)::uuid, 'claims-expense', 'payables', 50 from generate_series(0, 99999) n`,
  `analyze`,
];

let test: TestDatabase;

beforeAll(async () => {
  test = await openTestDatabase([
    ...messageTables(),
    ...readMigrations('payout', join(import.meta.dirname, '..', 'migrations')),
  ]);
  for (const sql of history) await test.database.query(sql);
}, 120_000);

afterAll(() => test.drop());

const happening = (change?: string): Promise<string> =>
  wholeTableReadBy(test.database, { largeTables, act: everyHotQuery, change });

async function everyHotQuery(tx: PlannedTransaction): Promise<void> {
  const id = async (name: string): Promise<string> =>
    (await test.database.query<{ id: string }>(`select md5($1)::uuid as id`, [name]))[0]!.id;
  const [payables, payments, cycles] = [new PayableStore(tx), new PaymentStore(tx), new CycleStore(tx)];
  const [submissionId, payeeId, cycleId] = [await id('new'), await id('payee500'), await id('cycle20')];
  const requestId = await id('new request');
  await payables.add(submissionId, await id('new message'), [
    { requestId, claimId: 'C', payeeId, paidCents: 100 },
  ]);
  await payables.isAnyPayable();
  const open = await payables.open({ after: '00000000-0000-0000-0000-000000000000', most: 100 });
  const paymentId = await id('new payment');
  await payables.claim([{ payeeId: open[0]!.payeeId, paymentId }]);
  await payables.release([paymentId]);
  const begun = { traceNumber: '', partId: null, most: 1_000 };
  const announced = await payables.ofCycle(cycleId, begun);
  await payables.ofCycle(cycleId, { ...begun, ...announced.until! });

  const page = { after: '', most: 500 };
  const stored = await payments.ofCycle(cycleId, page);
  await payments.sentOf(cycleId, page);
  await payments.payablesOf(cycleId);
  await cycles.unfinished();
  await cycles.lock(cycleId);
  await cycles.close(cycleId, new Date());
  await payments.lock(stored[0]!.paymentId);

  const answers = new BankAnswerStore(tx);
  await answers.paymentsWith(stored.slice(0, 100).map(({ traceNumber }) => traceNumber));
  await answers.settle([stored[0]!.paymentId], '2026-11-24');
  await answers.takeBack([{ paymentId: stored[0]!.paymentId, code: 'R03', reason: 'x' }], '2026-11-25');
  await payments.reissue({ paymentId: stored[0]!.paymentId, note: 'x', by: 'x' });
  await new PayeeStore(tx).freeze([stored[1]!.accountId], new Date());

  const overview = new OverviewStore(tx as unknown as Database);
  await overview.submissionPayables(await id('submission7'));
  await overview.request(await id('request7'));
}

describe('what payout asks all the time', () => {
  it('reads no large table from end to end', async () => {
    expect(await happening()).toBe('');
  });

  it.each([
    ['drop index payable_parts_of_payment', 'payable_parts'],
    ['drop index payable_parts_open', 'payable_parts'],
    ['drop index approvals_of_submission', 'approvals'],
    [
      'drop index payments_cycle_id_trace_number_idx; alter table payments drop constraint payments_cycle_id_payee_id_key',
      'payments',
    ],
    ['alter table payments drop constraint payments_trace_number_key', 'payments'],
  ])('is seen to after %s', async (change, table) => {
    expect(await happening(change)).toMatch(`${table}:`);
  });
});
