import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { messageTables } from '@remitflow/messaging';
import { migrate, readMigrations } from '@remitflow/persistence';
import { openTestDatabase, type TestDatabase } from '@remitflow/testing';
import { CycleStore } from './outbound/cycle.store.ts';
import { OverviewStore } from './outbound/overview.store.ts';
import { PayableStore } from './outbound/payable.store.ts';

const own = readMigrations('payout', join(import.meta.dirname, 'migrations'));
let test: TestDatabase;

beforeAll(async () => {
  test = await openTestDatabase([...messageTables(), ...own.slice(0, 6)]);
  for (const sql of before) await test.database.query(sql);
}, 60_000);

afterAll(() => test.drop());

/** One request was paid and came back, 4,100 are open, and of a payment of three two requests were announced. */
const before = [
  `insert into cycles (cycle_id, reason, status, formed_at, payments, requests, amount_cents, held_back, announced_until,
                       announced_request_id)
   values (md5('cycle')::uuid, 'spec', 'formed', now(), 2, 5, 500, '{}', '2', md5('2')::uuid)`,
  `insert into payments (payment_id, cycle_id, payee_id, account_id, amount_cents, request_count, trace_number, trn_reference,
                         entry_line, receiver_id, receiver_name, routing_number, account_type, last_digits, encrypted_number, status)
   select md5('payment' || n)::uuid, md5('cycle')::uuid, md5('payee' || n)::uuid, md5('account')::uuid, 100, n + 1, n::text, n::text,
          3, '1', 'CLINIC', '021000021', 'checking', '1234', 'x', 'scheduled' from generate_series(1, 3) n`,
  `insert into payables (request_id, submission_id, claim_id, payee_id, amount_cents, payment_id)
   select md5(n::text)::uuid, md5('submission')::uuid, 'C' || n, md5('payee2')::uuid, n, md5('payment2')::uuid
     from generate_series(1, 3) n`,
  `insert into payables (request_id, submission_id, claim_id, payee_id, amount_cents, payment_id)
   select md5('later' || n)::uuid, md5('submission')::uuid, 'L' || n, md5('payee3')::uuid, 25, md5('payment3')::uuid
     from generate_series(1, 4) n`,
  `insert into payables (request_id, submission_id, claim_id, payee_id, amount_cents, returned_payment_ids)
   select md5('open' || n)::uuid, md5('submission')::uuid, 'O' || n, md5('payee1')::uuid, 7,
          case when n = 1 then array[md5('payment1')::uuid] else '{}' end from generate_series(1, 4101) n`,
];

const payables = (): Promise<unknown> =>
  test.database.query(
    `select md5(string_agg(payables::text, ' ' order by request_id)) as all, count(*)::int, sum(amount_cents)::int as cents
     from (select request_id, submission_id, claim_id, payee_id, amount_cents, payment_id, returned_payment_ids from payables) payables`,
  );

describe('payables of before they were kept by part', () => {
  it('are the same, in parts of what is paid together, and what was announced is not announced again', async () => {
    const known = await payables();
    const announced = await test.database.query<{ id: string }>(
      `select request_id as id from payables where payment_id = md5('payment2')::uuid and request_id <= md5('2')::uuid`,
    );
    await migrate(test.url, [...messageTables(), ...own]);
    expect(await payables()).toEqual(known);
    expect(
      await test.database.query(
        `select requests, cardinality(returned_payment_ids) as returned, sum(amount_cents)::int as cents, count(*)::int as parts
         from payable_parts where payment_id is null group by 1, 2 order by 1 desc`,
      ),
    ).toEqual([
      { requests: 2_000, returned: 0, cents: 28_000, parts: 2 },
      { requests: 100, returned: 0, cents: 700, parts: 1 },
      { requests: 1, returned: 1, cents: 7, parts: 1 },
    ]);
    const [request] = await test.database.query<{ id: string }>(`select md5('later3')::uuid as id`);
    expect(await new OverviewStore(test.database).request(request!.id)).toMatchObject({
      claimId: 'L3',
      amountCents: 25,
    });

    const [cycle] = await test.database.query<{ id: string }>(`select md5('cycle')::uuid as id`);
    const left = await test.database.transaction(async (tx) => {
      const { announcedUntil, announcedPartId } = await new CycleStore(tx).lock(cycle!.id);
      const behind = { traceNumber: announcedUntil, partId: announcedPartId };
      return new PayableStore(tx).ofCycle(cycle!.id, { ...behind, most: 100 });
    });
    const said = left.requests.map(({ requestId }) => requestId);
    expect(said).toHaveLength(7 - announced.length);
    expect(said.filter((id) => announced.some((one) => one.id === id))).toEqual([]);
    expect(left.isLast).toBe(true);
  }, 60_000);
});

describe('what becomes payable', () => {
  const payeeId = '00000000-0000-7000-8000-0000000000aa';
  const submissionId = '00000000-0000-7000-8000-0000000000bb';
  const claimIds = ['', '', 'null', ' ,{é}', '{a,b} "c\\', ''];
  const aPayable = (n: number) => ({
    requestId: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`,
    claimId: claimIds[n] ?? `C${n}`,
    payeeId,
    paidCents: n,
  });
  const add = (message: number, ...numbers: number[]) =>
    test.database.transaction((tx) =>
      new PayableStore(tx).add(submissionId, aPayable(message).requestId, numbers.map(aPayable)),
    );

  it('is payable once, in whatever message and how often it comes', async () => {
    await add(100, 1, 2, 3);
    await add(101, 3, 4, 2, 5, 4);
    await add(102, 5, 1);
    expect(
      await test.database.query(
        `select claim_ids as claims, request_cents::int[] as cents, amount_cents::int as sum from payable_parts
         where submission_id = '${submissionId}' order by part_id`,
      ),
    ).toEqual([
      { claims: ['', 'null', ' ,{é}'], cents: [1, 2, 3], sum: 6 },
      { claims: ['{a,b} "c\\', ''], cents: [4, 5], sum: 9 },
    ]);
    expect(await new OverviewStore(test.database).submissionPayables(submissionId)).toEqual({
      payables: 5,
      cents: 15,
    });
  });

  it('is payable once when several processes hear of it at one moment', async () => {
    const numbers = Array.from({ length: 300 }, (_, n) => n + 1_000);
    await Promise.all(numbers.slice(0, 5).map((n, at) => add(n, ...numbers.slice(at * 10))));
    const [sums] = await test.database.query(
      `select count(*)::int as payables, count(distinct request_id)::int as requests, sum(amount_cents)::int as cents,
         (select sum(payables)::int from approvals where message_id >= '${aPayable(1_000).requestId}') as approved,
         (select sum(amount_cents)::int from ledger_transfers where about_id >= '${aPayable(1_000).requestId}') as booked
       from payables where request_id between '${aPayable(1_000).requestId}' and '${aPayable(1_299).requestId}'`,
    );
    const cents = numbers.reduce((sum, n) => sum + n, 0);
    expect(sums).toEqual({ payables: 300, requests: 300, approved: 300, cents, booked: cents });
  });
});
