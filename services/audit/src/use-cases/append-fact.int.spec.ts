import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@remitflow/kernel';
import { encodeBody, messageTables } from '@remitflow/messaging';
import { readMigrations } from '@remitflow/persistence';
import { openTestDatabase, type TestDatabase } from '@remitflow/testing';
import { audit } from '../audit.module.ts';
import { KnownSubjects } from '../domain/known-subjects.ts';
import { subjectsOf } from '../domain/subjects.ts';
import { openWork } from '../outbound/work.ts';
import { appendFact } from './append-fact.ts';
import { traceRequest } from './trace-request.ts';
import { verifyChain } from './verify-chain.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await openTestDatabase([...messageTables(), ...readMigrations('audit', audit.migrations)]);
}, 60_000);

afterAll(() => test.drop());

const requests = Array.from({ length: 20 }, () => ({ requestId: uuidV7() }));
const submissionId = uuidV7();

type Said = {
  readonly type: string;
  readonly id?: string;
  readonly causationId?: string;
  readonly body?: object;
};

async function remember(
  known: KnownSubjects,
  { type, id = uuidV7(), causationId, body = { submissionId, requests } }: Said,
): Promise<string> {
  const envelope = {
    ...{ id, type, source: 'validation', subject: submissionId, time: '2026-11-22T00:00:00.000Z' },
    ...{ correlationId: submissionId, digest: '', ...(causationId && { causationId }) },
  };
  const received = encodeBody(body);
  await test.database.transaction((tx) =>
    appendFact({ ...openWork({ tx }), known }, { envelope, body, received }),
  );
  return id;
}

const rowsOf = async (messageId: string): Promise<number> =>
  (await test.database.query(`select from event_subjects where message_id = $1`, [messageId])).length;

const trailOf = async (requestId: string): Promise<string[]> => {
  const events = await test.database.transaction((tx) => traceRequest(openWork({ tx }), requestId));
  return events.map(({ messageId }) => messageId);
};

describe('what a bulk fact is found by', () => {
  it('is its cause, when that is about the same requests and recorded', async () => {
    const known = new KnownSubjects();
    const submitted = await remember(known, { type: 'requests.submitted.v1' });
    const body = { submissionId, requests: requests.slice(0, 10) };
    const approved = await remember(known, { type: 'requests.approved.v1', causationId: submitted, body });
    expect([await rowsOf(submitted), await rowsOf(approved)]).toEqual([20, 0]);
    expect(await trailOf(requests[3]!.requestId)).toEqual(expect.arrayContaining([submitted, approved]));
    expect(await trailOf(requests[15]!.requestId)).not.toContain(approved);
  });

  it('is rows of its own when the cause is known and not recorded, or not known', async () => {
    const known = new KnownSubjects();
    const lost = uuidV7();
    known.add(lost, { month: '2026-11-01', subjects: subjectsOf({ requests }) });
    for (const causationId of [lost, uuidV7()]) {
      const denied = await remember(known, { type: 'requests.denied.v1', causationId });
      expect(await rowsOf(denied)).toBe(20);
      expect(await trailOf(requests[3]!.requestId)).toContain(denied);
    }
  });

  it('is the places of its requests, where their ids tell these: a row for each block', async () => {
    const begin = uuidV7().replace(/^(.{14})7(.{13}).*/, '$18$2');
    const idAt = (position: number) => `${begin}${position.toString(16).padStart(8, '0')}`;
    const bodyOf = (positions: readonly number[]) => ({
      submissionId,
      requests: positions.map((position) => ({ requestId: idAt(position) })),
    });
    const known = new KnownSubjects();
    const some = Array.from({ length: 40 }, (_, n) => 0xffff - 50 + 2 * n);
    const scheduled = await remember(known, { type: 'requests.denied.v1', body: bodyOf(some) });
    const others = some.map((position) => position + 1);
    const posted = await remember(known, { type: 'requests.denied.v1', body: bodyOf(others) });
    expect([await rowsOf(scheduled), await rowsOf(posted)]).toEqual([0, 0]);
    const rows = await test.database.query(`select from event_places where message_id = $1`, [scheduled]);
    expect(rows).toHaveLength(2);
    for (const position of some) expect(await trailOf(idAt(position))).toEqual([scheduled]);
    for (const position of others) expect(await trailOf(idAt(position).toUpperCase())).toEqual([]);
    for (const position of others) expect(await trailOf(idAt(position))).toEqual([posted]);
    expect(await trailOf(idAt(3))).toEqual([]);
    const covered = await remember(known, {
      ...{ type: 'requests.held.v1', causationId: posted, body: bodyOf(others.slice(3, 30)) },
    });
    expect(await trailOf(idAt(others[5]!))).toEqual([posted, covered]);
    expect(await trailOf(idAt(others[1]!))).toEqual([posted]);
  });

  it('takes ids in capitals for what they are', async () => {
    const known = new KnownSubjects();
    await remember(known, { type: 'requests.held.v1', id: uuidV7().toUpperCase() });
    const verified = await test.database.transaction((tx) => verifyChain(openWork({ tx })));
    expect(verified).toMatchObject({ verified: true, events: 8 });
  });
});
