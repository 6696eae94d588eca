import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestsApproved, type RequestsApprovedBody } from '@remitflow/contracts';
import { messageTables } from '@remitflow/messaging';
import { readMigrations } from '@remitflow/persistence';
import { openTestDatabase, type TestDatabase } from '@remitflow/testing';
import { world } from '../use-cases/world.builder.ts';
import { DecidedRequestStore } from './decided-request.store.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await openTestDatabase([
    ...messageTables(),
    ...readMigrations('remittance', join(import.meta.dirname, '..', 'migrations')),
  ]);
}, 60_000);

afterAll(() => test.drop());

describe('decisions', () => {
  it('are recorded once when several processes hear of them at one moment, in whatever messages', async () => {
    const requests = world(300)
      .facts.filter(({ contract }) => contract === RequestsApproved)
      .flatMap(({ body }) => (body as RequestsApprovedBody).requests);
    const { submissionId } = world(1);
    await Promise.all(
      [0, 10, 20, 30, 40].map((from) =>
        test.database.transaction((tx) =>
          new DecidedRequestStore(tx).record(submissionId, false, requests.slice(from, 250 + from)),
        ),
      ),
    );
    const [sums] = await test.database.query(
      `select (select count(*)::int from decided_requests) as requests, sum(requests)::int as "inParts",
         sum(coalesce(cardinality(places), requests))::int as counted from decided_parts`,
    );
    expect(sums).toEqual({ requests: 290, inParts: 290, counted: 290 });
  });
});
