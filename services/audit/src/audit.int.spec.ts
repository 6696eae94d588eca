import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PayoutsScheduled, PayoutsSettled, RequestsHeld } from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import { encodeBody, messageTables } from '@remitflow/messaging';
import { migrate, readMigrations } from '@remitflow/persistence';
import { eventually, openTestDatabase, openTestService } from '@remitflow/testing';
import { held, openAudit, type AuditDriver } from './inbound/audit.builder.ts';
import { audit, AuditModule } from './audit.module.ts';
import { chain } from './domain/event.ts';
import { KnownSubjects } from './domain/known-subjects.ts';
import { openWork, sha256 } from './outbound/work.ts';
import { appendFact } from './use-cases/append-fact.ts';

let driver: AuditDriver;

beforeAll(async () => {
  driver = await openAudit({
    open: (environment) => openTestService({ definition: audit, module: AuditModule }, environment),
    eventually,
  });
}, 60_000);

afterAll(() => driver.close());

const partitionsOf = async (...parents: string[]): Promise<string[]> => {
  const rows = await driver.service.database.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent::regclass::text = any($1)`,
    [parents],
  );
  return rows.map(({ name }) => name);
};

describe('audit', () => {
  it('verifies what nobody touched, and counts it', async () => {
    await driver.sayStream(3);
    expect(await driver.verify()).toMatchObject({ verified: true, events: 3, streams: 1, problems: [] });
    expect(await driver.get('/summary')).toMatchObject({ events: 3, byFact: { 'requests.held.v1': 3 } });
  });

  it('counts without reading an event, whoever holds them', async () => {
    const before = (await driver.get('/summary')) as { events: number; streams: number };
    await driver.sayStream(2);
    const seen = await driver.service.database.transaction(async (tx) => {
      await tx.execute(`lock table events, stream_heads in access exclusive mode`);
      return fetch(`${driver.service.url}/summary`, { signal: AbortSignal.timeout(3_000) }).then((answer) =>
        answer.json(),
      );
    });
    expect(seen).toMatchObject({ events: before.events + 2, streams: before.streams + 1 });
  });

  it('refuses to change or empty its tables, to the owner too', async () => {
    const partitions = await partitionsOf('events', 'event_subjects', 'event_places');
    expect(partitions.length).toBeGreaterThanOrEqual(9);
    for (const table of [
      'events',
      'event_subjects',
      'event_places',
      ...partitions,
      'checkpoints',
      'checkpoint_heads',
    ])
      for (const sql of [`delete from ${table}`, `truncate ${table} cascade`])
        await expect(driver.service.database.query(sql)).rejects.toThrow('append-only');
    for (const table of ['events', ...(await partitionsOf('events'))])
      await expect(driver.service.database.query(`update ${table} set subject = ''`)).rejects.toThrow(
        'append-only',
      );
  });

  it('keeps sequences gapless when many streams and facts come at once', async () => {
    const before = await driver.count();
    const submissions = [uuidV7(), uuidV7(), uuidV7()];
    await driver.validation.work(async ({ outbox }) => {
      for (let said = 0; said < 30; said += 1)
        outbox.add(RequestsHeld, held(submissions[said % submissions.length]!));
    });
    await eventually(async () => (await driver.count()) === before + 30);
    expect(await driver.verify()).toMatchObject({ verified: true });
  });

  it('shows the trail of a request with what happened to its payment, and nothing of its neighbours', async () => {
    const [requestId, otherId, paymentId, submissionId, cycleId] = [1, 2, 3, 4, 5].map(() => uuidV7()) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const fact = held(submissionId, requestId);
    fact.requests.push(...held(submissionId, otherId).requests);
    await driver.validation.work(async ({ outbox }) => outbox.add(RequestsHeld, fact));
    const of = (id: string) => ({ requestId: id, paymentId, payeeId: uuidV7(), amountCents: 100 });
    await driver.payout.work(async ({ outbox }) => {
      outbox.add(PayoutsScheduled, { cycleId, requests: [of(requestId), of(otherId)] });
      outbox.add(PayoutsSettled, {
        payments: [
          { paymentId, amountCents: 200, settledOn: '2026-11-23' },
          { paymentId: uuidV7(), amountCents: 1, settledOn: '2026-11-23' },
        ],
      });
    });
    type Trail = {
      events: { type: string; sequence: number; hash: string; body: Record<string, object[]> }[];
    };
    const trail = await eventually(async () => {
      const found = (await driver.get(`/requests/${requestId}/trail`)) as Trail;
      return found.events?.length === 3 ? found : undefined;
    });
    expect(trail.events.map(({ type }) => type).sort()).toEqual([
      'payouts.scheduled.v1',
      'payouts.settled.v1',
      'requests.held.v1',
    ]);
    for (const { body } of trail.events) expect((body['requests'] ?? body['payments'])!.length).toBe(1);
    expect(JSON.stringify(trail)).not.toContain(otherId);
    expect((await fetch(`${driver.service.url}/requests/${uuidV7()}/trail`)).status).toBe(404);
  });

  it('remembers a body with text that no database takes', async () => {
    const [submissionId, requestId] = [uuidV7(), uuidV7()];
    const envelope = {
      id: uuidV7(),
      type: 'requests.held.v1',
      source: 'validation',
      subject: submissionId,
      time: '2026-11-22T00:00:00.000Z',
      correlationId: submissionId,
      digest: '',
    };
    const odd = { requestId: 'x\u0000', claimId: 'C\u0000\ud800', payeeId: '\udc00' };
    const body = { submissionId, 'n\u0000': '\ud800', requests: [odd, { requestId, claimId: '\u0000' }] };
    const received = encodeBody(body);
    const known = new KnownSubjects();
    await driver.service.database.transaction((tx) =>
      appendFact({ ...openWork({ tx }), known }, { envelope, body, received }),
    );
    const { events } = (await driver.get(`/requests/${requestId}/trail`)) as { events: { body: object }[] };
    expect(events.map((event) => event.body)).toMatchObject([
      { 'n\u0000': '\ud800', requests: [{ requestId, claimId: '\u0000' }] },
    ]);
    expect(await driver.verify()).toMatchObject({ verified: true });
  });

  it('exports a chain that can be recomputed by others', async () => {
    const text = await (await fetch(`${driver.service.url}/export`)).text();
    const events = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ReturnType<typeof chain>);
    expect(events).toHaveLength(await driver.count());
    for (const event of events) expect(chain(event, event.previousHash, sha256).hash).toBe(event.hash);
  });

  it('is refused by grant too, whatever the name of the role it runs as', async () => {
    const database = await openTestDatabase([]);
    const role = `spec_audit_${process.pid}`;
    try {
      await database.database.query(`create role ${role}`);
      await database.database.query(
        `alter default privileges grant select, insert, update, delete, truncate on tables to ${role}`,
      );
      await migrate(database.url, [...messageTables(), ...readMigrations('audit', audit.migrations)]);
      const [may] = await database.database.query(
        `select has_table_privilege($1, 'events', 'insert') as insert, has_table_privilege($1, 'events', 'update') as update,
                has_table_privilege($1, 'events', 'delete') as delete,
                has_table_privilege($1, 'events_' || to_char(now() at time zone 'UTC', 'YYYYMM'), 'delete') as "deleteOfMonth", has_table_privilege($1, 'checkpoints', 'truncate') as truncate`,
        [role],
      );
      expect(may).toEqual({
        insert: true,
        update: false,
        delete: false,
        deleteOfMonth: false,
        truncate: false,
      });
      await database.database.query(`drop owned by ${role}`);
      await database.database.query(`drop role ${role}`);
    } finally {
      await database.drop();
    }
  });
});
