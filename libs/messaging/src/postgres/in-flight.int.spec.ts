import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '@remitflow/testing';
import { inFlightVersions } from './in-flight.ts';
import { messageTables } from './migrations.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await openTestDatabase(messageTables());
});

afterAll(() => test.drop());

const say = (fact: string, awaiting: string, published: boolean) =>
  test.database.query(
    `insert into outbox (message_id, fact_name, subject, awaiting, correlation_id, digest, body, published_at)
     values (gen_random_uuid(), $1, '', string_to_array($2, ' '), gen_random_uuid(), '', '', case when $3 then now() end)`,
    [fact, awaiting, published],
  );

const park = (fact: string, state: string) =>
  test.database.query(
    `insert into dead_letters (dead_letter_id, message_id, fact_name, fingerprint, error_code, error_text, attempts, envelope, body, state)
     values (gen_random_uuid(), gen_random_uuid(), $1, '', '', '', '[]', '{}', '', $2)`,
    [fact, state],
  );

describe('versions in flight', () => {
  it('are none in a service at rest', async () => {
    await say('payouts.returned.v1', '', true);
    await park('payees.changed.v1', 'redriven');
    expect(await inFlightVersions(test.database)).toEqual([]);
  });

  it('are counted where they lie, with those who still owe a receipt', async () => {
    await say('payouts.returned.v1', 'validation audit', true);
    await say('payouts.returned.v1', 'audit', true);
    await say('payouts.returned.v2', 'remittance', false);
    await park('payees.changed.v1', 'open');
    await test.database.query(
      `insert into retries (message_id, envelope, body, attempts, attempt_count, due_at)
       values (gen_random_uuid(), '{"type":"payees.changed.v1"}', '', '[]', 0, now()),
              (gen_random_uuid(), '{"type":"requests.approved.v1"}', '', '[]', 0, now())`,
    );
    const nothing = { outbox: 0, awaiting: [], retries: 0, deadLetters: 0 };
    expect(await inFlightVersions(test.database)).toEqual([
      { ...nothing, fact: 'payees.changed.v1', retries: 1, deadLetters: 1 },
      { ...nothing, fact: 'payouts.returned.v1', outbox: 2, awaiting: ['audit', 'validation'] },
      { ...nothing, fact: 'payouts.returned.v2', outbox: 1, awaiting: ['remittance'] },
      { ...nothing, fact: 'requests.approved.v1', retries: 1 },
    ]);
  });
});
