import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { messageTables } from '@remitflow/messaging';
import { readMigrations } from '@remitflow/persistence';
import {
  openTestDatabase,
  type PlannedTransaction,
  type TestDatabase,
  wholeTableReadBy,
} from '@remitflow/testing';
import type { RequestsApprovedBody } from '@remitflow/contracts';
import { paymentRemittanceId } from '../domain/remittance.ts';
import { world } from '../use-cases/world.builder.ts';
import { RemittanceListStore } from './remittance-list.store.ts';
import { openStores } from './work.ts';

/** Every one of them grows with the claims, and holds a hundred thousand rows or more here. */
const largeTables = [
  'decided_requests',
  'decided_parts',
  'scheduled_parts',
  'explained_parts',
  'payments',
  'remittances',
];

const idOf = (kind: string, number: number) => `md5('${kind}${number}')::uuid`;

const history = [
  `insert into payees select md5('payee' || n)::uuid, 1, '1234567893', '123456789', 'CLINIC ' || n
     from generate_series(1, 2000) n`,
  `insert into decided_parts (part_id, submission_id, payee_id, is_denied, first_position, requests, claims, remittance_id)
   select n, md5('submission' || n / 50)::uuid, md5('payee' || n % 2000)::uuid, n % 20 = 0, n, 2, '[]',
          case when n % 20 = 0 then md5('denial' || n % 2000)::uuid end
     from generate_series(1, 100000) n`,
  `select setval(pg_get_serial_sequence('decided_parts', 'part_id'), 100001)`,
  `insert into decided_requests select md5('request' || n)::uuid, 1 + n / 2, n % 2 from generate_series(0, 199999) n`,
  `insert into payments (payment_id, cycle_id, payee_id, amount_cents, request_count, effective_date, trn_reference,
                         odfi_routing, routing_number, account_type, last_digits, is_explained)
   select md5('payment' || n)::uuid, md5('cycle' || n / 1000)::uuid, md5('payee' || n % 2000)::uuid, 100, 2, '2026-11-24',
          'RF' || n, '091000019', '011000015', 'checking', '6789', n > 5 from generate_series(1, 100000) n`,
  `insert into scheduled_parts
   select md5('payment' || n)::uuid, 2, array[md5('request' || 2 * n - 2)::uuid, md5('request' || 2 * n - 1)::uuid]
     from generate_series(1, 100000) n`,
  `insert into remittances (remittance_id, kind, payee_id, payment_id, cycle_id, amount_cents, effective_date, state,
                            trn_reference, control_number, issued_at, file_name, created_at)
   select md5('remittance' || n)::uuid, 'payment', md5('payee' || n % 2000)::uuid, md5('payment' || n)::uuid,
          md5('cycle' || n / 1000)::uuid, 100, '2026-11-24', case when n > 99990 then 'due' else 'posted' end,
          'RF' || n, n, now(), n || '.835', now() - (100000 - n) * interval '1 second' from generate_series(6, 100000) n`,
  `insert into explained_parts
   select n, md5('remittance' || n)::uuid, null, '{50,50}', '{1000,2000}', '{20,40}' from generate_series(6, 100000) n`,
  `analyze`,
];

let test: TestDatabase;

beforeAll(async () => {
  test = await openTestDatabase([
    ...messageTables(),
    ...readMigrations('remittance', join(import.meta.dirname, '..', 'migrations')),
  ]);
  for (const sql of history) await test.database.query(sql);
}, 120_000);

afterAll(() => test.drop());

const happening = (change?: string): Promise<string> =>
  wholeTableReadBy(test.database, { largeTables, act: everyHotQuery, change });

async function everyHotQuery(tx: PlannedTransaction): Promise<void> {
  const id = async (kind: string, number: number): Promise<string> =>
    (await test.database.query<{ id: string }>(`select ${idOf(kind, number)} as id`))[0]!.id;
  const { decided, due, payments, remittances, pages } = openStores(tx);
  const list = new RemittanceListStore(tx);
  const { facts } = world(3, 2);
  for (const { contract, body } of facts) {
    const { submissionId, requests } = body as RequestsApprovedBody;
    if (contract.name.startsWith('requests.')) await decided.record(submissionId, false, requests);
    if (contract.name.startsWith('payouts.scheduled')) await payments.recordScheduled(body as never);
    if (contract.name.startsWith('payouts.sent')) await payments.recordSent(body as never);
  }
  const [payeeId, cycleId, paymentId] = [await id('payee', 7), await id('cycle', 50), await id('payment', 3)];
  await due.completePayments({ payeeIds: [payeeId] });
  const [complete] = await due.completePayments({ paymentIds: [paymentId] });
  await due.add([{ ...complete!, kind: 'payment', remittanceId: paymentRemittanceId(paymentId) }]);
  await due.completePayments();
  await due.returnedPayments([paymentId]);
  await due.unexplainedPayees();
  await due.assignDenied(cycleId);

  await remittances.number(new Date(), 100);
  const [numbered] = await remittances.numbered(new Date(), 100);
  const taken = await remittances.take(numbered!.remittanceId);
  for await (const _ of decided.partsOf(taken!));
  for await (const _ of decided.partsOf({ ...taken!, kind: 'denial', remittanceId: await id('denial', 20) }));
  const part = { partId: '99991', places: null, paidCents: [1], byteOffsets: [1], segmentOrdinals: [1] };
  await tx.execute(`delete from explained_parts where part_id >= 99991`);
  await pages.keep(taken!.remittanceId, 1, { factsBefore: 0, parts: [part], results: [] });
  const next = await pages.next(taken!.remittanceId);
  await pages.explain(taken!.remittanceId, next!.page);
  await remittances.markPosted(taken!.remittanceId);

  await decided.countDenied(await id('submission', 40));
  await list.placesOf(await id('request', 5_000));
  await list.progressOf(cycleId);
  await list.find(taken!.remittanceId);
  await list.list({ limit: 100 });
}

describe('what remittance asks all the time', () => {
  it('reads no large table from end to end', async () => {
    expect(await happening()).toBe('');
  });

  it.each([
    ['alter table decided_parts drop constraint decided_parts_pkey', 'decided_parts'],
    ['drop index denied_of_submission', 'decided_parts'],
    ['drop index denied_of_remittance', 'decided_parts'],
    ['drop index scheduled_of_payment_parts', 'scheduled_parts'],
    ['alter table explained_parts drop constraint explained_parts_pkey', 'explained_parts'],
    ['drop index payments_unexplained', 'payments'],
    ['drop index remittances_of_cycle', 'remittances'],
    ['drop index remittances_due', 'remittances'],
    ['drop index remittances_newest', 'remittances'],
  ])('is seen to after %s', async (change, table) => {
    expect(await happening(change)).toMatch(`${table}:`);
  });
});
