import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase, type TestDatabase } from '@remitflow/testing';
import { uuidV7 } from '@remitflow/kernel';
import type { Envelope } from '../core/envelope.ts';
import type { Arrival } from '../ports/store.ts';
import { messageTables } from './migrations.ts';
import { PostgresStore } from './postgres-store.ts';

let test: TestDatabase;
let store: PostgresStore;

beforeAll(async () => {
  test = await openTestDatabase(messageTables());
  store = new PostgresStore(test.database, 'payout');
});

afterAll(() => test.drop());

const [trueDigest, otherDigest] = ['a'.repeat(64), 'b'.repeat(64)];

const envelopeOf = (id: string, digest: string): Envelope => ({
  id,
  type: 'requests.approved.v1',
  source: 'validation',
  subject: '',
  time: new Date().toISOString(),
  correlationId: id,
  digest,
});

const arrive = (id: string, digest: string): Promise<Arrival> =>
  store.transaction(({ inbox }) => inbox.arrive(envelopeOf(id, digest), 'done'));

describe('a message of the same id with another body', () => {
  it('is known by what was done', async () => {
    const id = uuidV7();
    expect(await arrive(id, trueDigest)).toBe('new');
    expect(await arrive(id, trueDigest)).toBe('duplicate');
    expect(await arrive(id, otherDigest)).toBe('digest-conflict');
  });

  it('is known by what waits to be tried again, and does not take its place', async () => {
    const id = uuidV7();
    const waiting = { envelope: envelopeOf(id, trueDigest), body: Buffer.from('true'), attempts: [] };
    await store.transaction(({ retries }) => retries.schedule(waiting, 60_000));
    expect(await arrive(id, otherDigest)).toBe('digest-conflict');
    expect(await arrive(id, trueDigest)).toBe('new');
    expect(await arrive(id, otherDigest)).toBe('digest-conflict');
  });
});
