import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { uuidV7 } from '@remitflow/kernel';
import { messageTables } from '@remitflow/messaging';
import { readMigrations, type Transaction } from '@remitflow/persistence';
import { openTestDatabase } from '@remitflow/testing';
import { RequestStore, type RequestFilter } from './request.store.ts';

jest.setTimeout(60_000);

const submissionIndex = /requests_\d+_submission_id_position_received_on_idx/;
/** An empty month is read in full by whatever plan. */
const readInFull = /Seq Scan on requests_\S+ (\w+ )?\(actual rows=[1-9]/;
const claimIndex = /requests_\d+_claim_id_idx/;

describe('the lists of requests', () => {
  let own: Awaited<ReturnType<typeof openTestDatabase>>;
  const submissionIds = Array.from({ length: 30 }, (_, place) =>
    uuidV7(new Date(Date.now() - 1_000_000 * (30 - place))),
  );
  const perSubmission = 1000;
  const migrations = join(import.meta.dirname, '../migrations');

  beforeAll(async () => {
    own = await openTestDatabase([...messageTables(), ...readMigrations('intake', migrations)]);
    await own.database.query(
      `insert into submissions (submission_id, door, format, bytes, sha256, path, status, received_at)
       select id, 'file', 'csv', 1, id, id, 'parsed', now() from unnest($1::uuid[]) id`,
      [submissionIds],
    );
    await own.database.query(
      `insert into requests (request_id, submission_id, received_on, position, claim_id, status, rank)
       select gen_random_uuid(), id, day_of_id(id), position, 'C' || position,
              case when position = $2 and n in (5, 20) then 'held' else 'paid' end, 4
       from unnest($1::uuid[]) with ordinality i(id, n), generate_series(1, $2::int) position`,
      [submissionIds, perSubmission],
    );
    await own.database.query(
      `insert into submission_counts (submission_id, status, requests, billed_cents, paid_cents)
       select submission_id, s, count(*) filter (where status = s), 0, 0
       from requests, unnest(array['submitted', 'paid', 'held']) s group by 1, 2`,
    );
    await own.database.query(`analyze requests`);
    await own.database.query(`analyze submission_counts`);
  });

  afterAll(() => own.drop());

  const list = (filter: Omit<RequestFilter, 'limit'>) =>
    own.database.transaction((tx) => new RequestStore(tx).list({ ...filter, limit: 100 }));

  /** The plan of the statement that the store asks. */
  const planOf = async (filter: Omit<RequestFilter, 'limit'>): Promise<string> => {
    let plan: unknown[] = [];
    await own.database.transaction(async (tx) => {
      const query = async (sql: string, params: unknown[]) => {
        plan = await tx.query(`explain (analyze, costs off, timing off, summary off) ${sql}`, params);
        return [];
      };
      await new RequestStore({ query } as unknown as Transaction).list({ ...filter, limit: 100 });
    });
    return plan.map((row) => Object.values(row as object)[0]).join('\n');
  };

  it.each([
    ['all', {}, submissionIndex],
    ['those of a submission', { submissionId: submissionIds[3] }, submissionIndex],
    ['those of a common status', { status: 'paid' as const }, /submission_counts_by_status/],
    ['those of a rare status', { status: 'held' as const }, /submission_counts_by_status/],
    [
      'those of a status of a submission',
      { status: 'paid' as const, submissionId: submissionIds[3] },
      submissionIndex,
    ],
    ['those of a claim', { claimId: 'C7' }, claimIndex],
  ])('are read by an index: %s', async (_, filter, index) => {
    const plan = await planOf(filter);
    expect(plan).toMatch(index);
    expect(plan).not.toMatch(readInFull);
    for (const [, rows] of plan.matchAll(/actual rows=(\d+)/g))
      expect(Number(rows)).toBeLessThanOrEqual(perSubmission);
  });

  it('have the newest submission first', async () => {
    const newest = submissionIds.at(-1);
    expect((await list({})).map(({ submissionId, position }) => [submissionId, position])).toEqual(
      Array.from({ length: 100 }, (_, place) => [newest, place + 1]),
    );
    expect((await list({ status: 'held' })).map(({ submissionId }) => submissionId)).toEqual([
      submissionIds[19],
      submissionIds[4],
    ]);
    expect(await list({ status: 'held', submissionId: newest })).toEqual([]);
    expect(await list({ status: 'paid', claimId: 'C1' })).toHaveLength(30);
    expect(await list({ status: 'submitted' })).toEqual([]);
  });
});
