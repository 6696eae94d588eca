import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { uuidV5, uuidV7 } from '@remitflow/kernel';
import { messageTables } from '@remitflow/messaging';
import { readMigrations, type Transaction } from '@remitflow/persistence';
import { openTestDatabase } from '@remitflow/testing';
import { requestIdOf } from '../domain/request-id.ts';
import type { Outcome } from '../domain/outcome-groups.ts';
import { OutcomeStore } from './outcome.store.ts';
import { PartsSaidStore } from './parts-said.store.ts';
import { monthsLookedInto, readInFull, stepsOf, type PlanStep } from './plan-steps.builder.ts';
import { RequestStore } from './request.store.ts';

jest.setTimeout(120_000);

const months = 4;
const filesPerMonth = 10;
const perFile = 3_000;

const keyed = ['requests', 'request_parts', 'findings'];
const keys = [
  ...keyed.map((table) => `alter table ${table} drop constraint ${table}_once`),
  'drop index requests_newest',
];

describe('on large tables', () => {
  let own: Awaited<ReturnType<typeof openTestDatabase>>;
  const submissionIds = Array.from({ length: months * filesPerMonth }, (_, place) => {
    const [now, month] = [new Date(), Math.floor(place / filesPerMonth)];
    return uuidV7(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - month, 1, 0, place)));
  });
  const newest = submissionIds[0]!;

  beforeAll(async () => {
    own = await openTestDatabase([
      ...messageTables(),
      ...readMigrations('intake', join(import.meta.dirname, '../migrations')),
    ]);
    for (const table of keyed) await own.database.query(`select keep_months($1, null, $2)`, [table, months]);
    await own.database.query(fillSubmissions, [submissionIds]);
    for (const fill of [fillRequests, fillParts]) await own.database.query(fill, [submissionIds, perFile]);
    for (const fill of [fillFindings, fillOutbox, 'analyze']) await own.database.query(fill);
  });

  afterAll(() => own.drop());

  const places = Array.from({ length: 40 }, (_, place) => place + 1);
  const ids = places.map((place) => requestIdOf(newest, place));
  const apart = places.map((place) => requestIdOf(newest, place * 50));
  const old = places.map((place) => uuidV5(newest, String(place)));
  const record = (tx: Transaction, status: Outcome['status'], some = ids) => {
    const paid = { paidCents: 80, ...(status === 'approved' ? {} : { paymentId: newest }) };
    return new OutcomeStore(tx).record(
      some.map((requestId) => ({ requestId, status, ...paid })),
      new Date(),
    );
  };
  const findings = ids.map((requestId) => ({ requestId, findings: [] }));
  const limits = { parts: 6, facts: 2_000, unpublished: 200 };

  /** The steps of everything that is asked, in a transaction that is undone. */
  async function stepsWhen(ask: Ask, before: readonly string[] = []): Promise<PlanStep[]> {
    const steps: PlanStep[] = [];
    const undone = new Error('undone');
    const asking = own.database.transaction(async (tx) => {
      for (const sql of before) await tx.execute(sql);
      const query = async (sql: string, parameters: unknown[] = []) => {
        const [told] = await tx.query(`explain (analyze, format json) ${sql}`, parameters);
        steps.push(...stepsOf(told));
        return answerTo(sql);
      };
      await ask({ query, execute: query } as unknown as Transaction);
      throw undone;
    });
    await expect(asking).rejects.toBe(undone);
    return steps;
  }

  /** Nothing is found of what is asked for, so that the next step is tried too. */
  const answerTo = (sql: string): object[] => {
    if (sql.includes(`interval '3 months'`)) return [{ from: '2000-01-01', to: 'infinity' }];
    if (sql.includes(' as unpublished')) return [{ parts: 0, facts: 0, unpublished: 0 }];
    return sql.includes('unnest($1::uuid[]) id')
      ? [...ids, ...apart, ...old].map((requestId) => ({ requestId }))
      : [];
  };

  const asked: readonly [string, Ask, number, readonly string[]][] = [
    ['approved', (tx) => record(tx, 'approved'), 1, keys],
    ['scheduled', (tx) => record(tx, 'scheduled'), 1, keys],
    ['paid', (tx) => record(tx, 'paid'), 1, keys],
    ['paid, far apart', (tx) => record(tx, 'paid', apart), 1, keys],
    ['reversed', (tx) => record(tx, 'reversed'), 1, keys],
    ['ids of old', (tx) => record(tx, 'approved', old), months + 4, keys],
    ['findings', (tx) => new OutcomeStore(tx).addFindings('held', findings), 1, keys],
    ['rejections', (tx) => new OutcomeStore(tx).rejections(newest, 0, 30), 1, keys],
    ['one request', (tx) => new RequestStore(tx).find(ids[0]!), 1, keys],
    ['places', (tx) => new RequestStore(tx).places(newest, [1, 700, 1300]), 1, keys],
    [
      'the window of parts',
      (tx) => new PartsSaidStore(tx).outstanding(limits),
      0,
      ['drop index outbox_parts_awaited'],
    ],
  ];

  it.each(asked)('%s: no table is read in full, and no month but its own', async (_, ask, most) => {
    const steps = await stepsWhen(ask);
    expect(steps.length).toBeGreaterThan(0);
    expect(readInFull(steps)).toEqual([]);
    expect(monthsLookedInto(steps).size).toBeLessThanOrEqual(most);
  });

  it.each(asked)('%s: a missing index would be seen', async (_, ask, __, indexes) => {
    expect(readInFull(await stepsWhen(ask, indexes))).not.toEqual([]);
  });
});

type Ask = (tx: Transaction) => Promise<unknown>;

const fillSubmissions = `
  insert into submissions (submission_id, door, format, bytes, sha256, path, status, received_at)
  select id, 'file', 'csv', 1, id, id, 'parsed', now() from unnest($1::uuid[]) id`;

const fillRequests = `
  insert into requests (request_id, submission_id, received_on, position, claim_id, billed_cents, status, rank)
  select overlay(overlay(id::text placing '8' from 15 for 1) placing lpad(to_hex(position), 8, '0') from 29 for 8)::uuid,
         id, day_of_id(id), position, 'C' || position, 100, 'submitted', 0
  from unnest($1::uuid[]) id, generate_series(1, $2::int) position`;

const fillParts = `
  insert into request_parts (submission_id, first_position, last_position, received_on, submitted_at, places)
  select id, first, first + 2, day_of_id(id), now(), '[]'
  from unnest($1::uuid[]) id, generate_series(1, $2::int, 3) first`;

const fillFindings = `
  insert into findings (submission_id, position, outcome, received_on, request_id, findings)
  select submission_id, position, 'rejected', received_on, request_id, '[]' from requests where position % 3 = 0`;

const fillOutbox = `
  insert into outbox (message_id, fact_name, subject, awaiting, correlation_id, digest, body, published_at, settled_at)
  select gen_random_uuid(), 'requests.submitted.v1', n,
         case when n % 5000 = 0 then '{validation,audit}' when n % 500 = 0 then '{audit}' else '{}' end::text[],
         gen_random_uuid(), '', convert_to(repeat('x', case when n % 5000 = 0 then 5000 else 10 end), 'UTF8'),
         case when n % 10000 <> 0 then now() end, now()
  from generate_series(1, 50000) n`;
