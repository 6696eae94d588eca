import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@remitflow/kernel';
import { messageTables } from '@remitflow/messaging';
import { readMigrations } from '@remitflow/persistence';
import { openTestDatabase, type TestDatabase } from '@remitflow/testing';
import { PayableStore } from './payable.store.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await openTestDatabase([
    ...messageTables(),
    ...readMigrations('payout', join(import.meta.dirname, '..', 'migrations')),
  ]);
}, 60_000);

afterAll(() => test.drop());

/** 40 payees with 500 parts of one request each. */
const fill = (name: string, paid: string): Promise<unknown> =>
  test.database.query(
    `insert into payable_parts (submission_id, payee_id, requests, amount_cents, request_ids, claim_ids, request_cents, payment_id)
     select md5('${name}')::uuid, md5('payee' || n % 40)::uuid, 1, 50, array[md5('${name}' || n)::uuid], array[n::text], array[50],
            ${paid}
     from generate_series(1, 20000) n`,
  );

describe('taking all that is open', () => {
  it('does not take long when statistics are of a moment at which nothing was open', async () => {
    await test.database.query('alter table payable_parts drop constraint payable_parts_payment_id_fkey');
    await fill('before', `md5('payment' || n % 40)::uuid`);
    await test.database.query('analyze payable_parts');
    await fill('now', 'null');
    const payees = await test.database.query<{ payeeId: string }>(
      `select distinct payee_id as "payeeId" from payable_parts`,
    );
    const claimed = await test.database.transaction(async (tx) => {
      await tx.execute(`set local statement_timeout = '10s'`); // it took 53 s once
      return new PayableStore(tx).claim(payees.map((payee) => ({ ...payee, paymentId: uuidV7() })));
    });
    expect(claimed).toHaveLength(40);
    expect(claimed.reduce((sum, { requests }) => sum + requests, 0)).toBe(20_000);
  }, 60_000);
});
