import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalJson, uuidV7 } from '@remitflow/kernel';
import { encodeBody, messageTables } from '@remitflow/messaging';
import { migrate, readMigrations } from '@remitflow/persistence';
import { openTestDatabase, type TestDatabase } from '@remitflow/testing';
import { audit } from './audit.module.ts';
import { openWork } from './outbound/work.ts';
import { traceRequest } from './use-cases/trace-request.ts';
import { verifyChain } from './use-cases/verify-chain.ts';

const own = readMigrations('audit', audit.migrations);
let test: TestDatabase;

beforeAll(async () => {
  test = await openTestDatabase([...messageTables(), ...own.slice(0, 2)]);
}, 60_000);

afterAll(() => test.drop());

const subject = uuidV7();
/** Of a submission and a position: such ids had rows of their own before they were found by their places. */
const requestId = uuidV7().replace(/^(.{14})7/, '$18');

/** Events as they were before there were months: two of one stream, said in two months. */
async function rememberAsBefore(): Promise<void> {
  let previousHash = '0'.repeat(64);
  const { bytes, digest } = encodeBody({ submissionId: subject, requests: [{ requestId }] });
  for (const [place, time] of ['2026-08-31T23:59:59.000Z', '2026-09-01T00:00:00.000Z'].entries()) {
    const event = {
      ...{
        stream: `requests/${subject}`,
        sequence: place + 1,
        messageId: uuidV7(),
        type: 'requests.held.v1',
      },
      ...{
        source: 'validation',
        subject,
        time,
        correlationId: subject,
        causationId: null,
        bodyDigest: digest,
      },
    };
    const hash = createHash('sha256')
      .update(`remitflow.audit.event.v1\n${previousHash}\n${canonicalJson(event)}`)
      .digest('hex');
    await test.database.query(
      `with subjects as (insert into event_subjects values ($10, $1))
       insert into events (message_id, stream, sequence, type, source, subject, time, correlation_id, body_digest, body, previous_hash, hash)
       values ($1, $2, $3, $4, 'validation', $5::text, $6, $5::text::uuid, decode($7, 'hex'), $8, decode($9, 'hex'), decode($11, 'hex'))`,
      [
        ...[event.messageId, event.stream, event.sequence, event.type, subject, time, digest, bytes],
        ...[previousHash, requestId, hash],
      ],
    );
    previousHash = hash;
  }
  await test.database.query(
    `insert into stream_heads (stream, last_sequence, last_hash) values ($1, 2, decode($2, 'hex'))`,
    [`requests/${subject}`, previousHash],
  );
}

describe('events of before there were months', () => {
  it('are moved whole, verify, and are in trails', async () => {
    await rememberAsBefore();
    await migrate(test.url, [...messageTables(), ...own]);
    const months = await test.database.query(
      `select month::text, tableoid::regclass::text as part from events`,
    );
    expect(months).toEqual(Array(2).fill({ month: '2026-08-01', part: 'events_202608' }));
    const places = await test.database.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = to_regclass('event_places')`,
    );
    expect(places.map(({ name }) => name)).toContain('event_places_202608');
    await test.database.transaction(async (tx) => {
      expect(await traceRequest(openWork({ tx }), requestId)).toHaveLength(2);
    });
    const verified = await test.database.transaction((tx) => verifyChain(openWork({ tx })));
    expect(verified).toMatchObject({ verified: true, events: 2, streams: 1 });
  });
});
