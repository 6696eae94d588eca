import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { uuidV5, uuidV7 } from '@remitflow/kernel';
import { messageTables } from '@remitflow/messaging';
import { migrate, readMigrations } from '@remitflow/persistence';
import { openTestDatabase } from '@remitflow/testing';
import { requestDetail } from '../domain/request-view.ts';
import type { Outcome } from '../domain/outcome-groups.ts';
import { OutcomeStore } from './outcome.store.ts';
import { RequestStore } from './request.store.ts';

jest.setTimeout(60_000);

const perFile = 1_200;
const firstByMonth = 5;

describe('requests that were stored before they were kept by month', () => {
  let own: Awaited<ReturnType<typeof openTestDatabase>>;
  const migrations = readMigrations('intake', join(import.meta.dirname, '../migrations'));
  const now = new Date();
  const monthsAgo = (months: number) => uuidV7(new Date(now.getTime() - months * 31 * 86_400_000));
  const [young, old] = [monthsAgo(0), monthsAgo(14)] as [string, string];
  const idOf = (submissionId: string, position: number) => uuidV5(submissionId, String(position));

  beforeAll(async () => {
    own = await openTestDatabase([...messageTables(), ...migrations.slice(0, firstByMonth - 1)]);
    for (const submissionId of [young, old]) {
      const ids = Array.from({ length: perFile }, (_, index) => idOf(submissionId, index + 1));
      await own.database.query(oldSubmission, [submissionId]);
      await own.database.query(oldRequests, [submissionId, ids]);
      await own.database.query(oldFinding, [submissionId]);
    }
    await migrate(own.url, [...messageTables(), ...migrations]);
  });

  afterAll(() => own.drop());

  const find = (id: string) => own.database.transaction((tx) => new RequestStore(tx).find(id));
  const record = (outcomes: readonly Outcome[]) =>
    own.database.transaction((tx) => new OutcomeStore(tx).record(outcomes, now));

  it.each([
    ['young', young],
    ['old', old],
  ])('are found with their places, findings and payments: a %s one', async (_, submissionId) => {
    const found = await find(idOf(submissionId, 777));
    expect(found).toMatchObject({ position: 777, kind: '837P', byteOffset: 7770, ordinal: 77, path: 'p' });
    expect(requestDetail(found!)).toMatchObject({
      places: { claimId: { loop: '2300', segment: 'CLM', segmentOrdinal: 9, element: 1, byteOffset: 777 } },
      findings: [{ ruleId: 'npi', loop: '2300' }],
    });
    const page = await own.database.transaction((tx) => new OutcomeStore(tx).rejections(submissionId, 0, 10));
    expect(page).toMatchObject([{ position: 777, claimId: 'C777', byteOffset: 7770 }]);
  });

  it('go on with what is heard of them, by ids that do not tell their day', async () => {
    const paymentId = uuidV7();
    const both = [young, old].map((submissionId) => idOf(submissionId, 5));
    await record(both.map((requestId) => ({ requestId, status: 'paid', paidCents: 80, paymentId: paid })));
    await record(both.map((requestId) => ({ requestId, status: 'reversed', paidCents: 0, paymentId: paid })));
    await record(both.map((requestId) => ({ requestId, status: 'scheduled', paidCents: 70, paymentId })));
    for (const id of both) expect(await find(id)).toMatchObject({ status: 'scheduled', paidCents: 70 });
  });

  it('lie in their months, and leave with them', async () => {
    const count = async () =>
      (await own.database.query<{ n: number }>(`select count(*)::int as n from requests`))[0]!.n;
    const external = await own.database
      .query(`select 1 from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relname like 'request_parts%' and attname = 'places' and attstorage <> 'e'`);
    expect(external).toEqual([]);
    const [other] = await own.database.query(`select count(*)::int as n from requests_other`);
    expect(other).toEqual({ n: 0 });
    expect(await count()).toBe(2 * perFile);
    for (const table of ['requests', 'request_parts', 'findings'])
      await own.database.query(`select keep_months($1, 12, 1)`, [table]);
    expect(await count()).toBe(perFile);
    expect(await find(idOf(old, 777))).toBeUndefined();
    expect(await find(idOf(young, 777))).toBeDefined();
    await record([{ requestId: idOf(old, 777), status: 'approved', paidCents: 1 }]);
    const page = await own.database.transaction((tx) => new OutcomeStore(tx).rejections(old, 0, 10));
    expect(page).toEqual([]);
  });
});

const paid = '5d3f4c1e-2f4a-4b0e-9a52-0f5a3f6f7a10';

const oldSubmission = `
  insert into submissions (submission_id, door, format, bytes, sha256, path, status, received_at)
  values ($1::uuid, 'file', 'x12', 1, $1::text, 'p', 'parsed', now())`;

const oldRequests = `
  insert into requests (request_id, submission_id, position, kind, claim_id, billed_cents, byte_offset, byte_length, ordinal,
                        places, status, rank, paid_cents, payments, submitted_at)
  select id, $1, n, '837P', 'C' || n, 100, n * 10, 10, 77,
         json_build_object('claimId', json_build_array('2300', 'CLM', 9, 1, 0, n)),
         case when n = 777 then 'rejected' else 'scheduled' end, case when n = 777 then 2 else 3 end,
         case when n <> 777 then 80 end,
         case when n <> 777 then '{"${paid}": [3, "scheduled", 80]}'::jsonb else '{}' end, now()
  from unnest($2::uuid[]) with ordinality as r(id, n)`;

const oldFinding = `
  insert into findings (submission_id, position, outcome, request_id, findings)
  select submission_id, position, 'rejected', request_id, '[{"ruleId": "npi", "message": "m"}]'
  from requests where submission_id = $1 and position = 777`;
