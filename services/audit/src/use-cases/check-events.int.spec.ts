import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@remitflow/kernel';
import { encodeBody, messageTables } from '@remitflow/messaging';
import { readMigrations } from '@remitflow/persistence';
import { openTestDatabase, type TestDatabase } from '@remitflow/testing';
import { audit } from '../audit.module.ts';
import { KnownSubjects } from '../domain/known-subjects.ts';
import { openWork } from '../outbound/work.ts';
import { appendFact } from './append-fact.ts';
import { verifyChain, type Verification } from './verify-chain.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await openTestDatabase([...messageTables(), ...readMigrations('audit', audit.migrations)]);
  await test.database.transaction(async (tx) => {
    const needs = { ...openWork({ tx }), known: new KnownSubjects() };
    for (let said = 0; said < length; said += 1) await appendFact(needs, aFact());
  });
}, 60_000);

afterAll(() => test.drop());

/** Several parts, the last of them not full. */
const length = 230;
const submissionId = uuidV7();

function aFact() {
  const body = { submissionId, requests: [{ requestId: uuidV7() }] };
  const received = encodeBody(body);
  const [type, source, time] = ['requests.held.v1', 'validation', '2026-11-22T00:00:00.000Z'];
  const said = { id: uuidV7(), type, source, subject: submissionId, time, correlationId: submissionId };
  return { envelope: { ...said, digest: received.digest }, body, received };
}

const verify = (): Promise<Verification> =>
  test.database.transaction((tx) =>
    verifyChain(openWork({ tx }), { events: 150, heads: 100, checkpoints: 10 }),
  );

const say = (subject: string, sequence: number): Promise<unknown> =>
  test.database.transaction(async (tx) => {
    await tx.execute(`alter table events disable trigger append_only`);
    await tx.execute(`update events set subject = $1 where sequence = $2`, [subject, sequence]);
    await tx.execute(`alter table events enable always trigger append_only`);
  });

describe('events of several pages and parts', () => {
  it('are all checked, each once', async () => {
    expect(await verify()).toMatchObject({ verified: true, events: length, streams: 1, problems: [] });
  });

  it.each([1, 50, 51, 77, 149, 150, 151, 230])(
    'are told from number %i, whose text breaks up its part',
    async (sequence) => {
      for (const subject of ['x\ty', 'x\ny', `x\n${'\t'.repeat(13)}`]) {
        await say(subject, sequence);
        const found = await verify();
        expect(found).toMatchObject({ verified: false, events: length, streams: 1, problemsFound: 1 });
        expect(found.problems).toMatchObject([{ sequence, kind: 'edited' }]);
      }
      await say(submissionId, sequence);
      expect(await verify()).toMatchObject({ verified: true });
    },
  );
});
