import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PayoutsScheduled, PayoutsSettled, RequestsHeld } from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import { encodeBody, messageTables, type MessagingRuntime } from '@remitflow/messaging';
import { migrate, readMigrations } from '@remitflow/persistence';
import { eventually, openTestDatabase, openTestService, type TestService } from '@remitflow/testing';
import { audit, AuditModule } from './audit.module.ts';
import { chain, monthOf } from './domain/event.ts';
import { KnownSubjects } from './domain/known-subjects.ts';
import { CheckpointCopies } from './outbound/checkpoint-copies.gateway.ts';
import { openWork, sha256 } from './outbound/work.ts';
import { appendFact } from './use-cases/append-fact.ts';
import { verifyChain, type Verification } from './use-cases/verify-chain.ts';

const copiesDir = mkdtempSync(join(tmpdir(), 'audit-'));
let service: TestService;
let validation: MessagingRuntime;
let payout: MessagingRuntime;

beforeAll(async () => {
  service = await openTestService(
    { definition: audit, module: AuditModule },
    { CHECKPOINTS_DIR: copiesDir, CHECKPOINT_EVERY_MS: '100' },
  );
  validation = await service.speakAs('validation', [RequestsHeld]);
  payout = await service.speakAs('payout', [PayoutsScheduled, PayoutsSettled]);
}, 60_000);

afterAll(async () => {
  await service.close();
  rmSync(copiesDir, { recursive: true });
});

const get = async (path: string): Promise<unknown> => (await fetch(`${service.url}${path}`)).json();
const thisMonth = monthOf(new Date().toISOString());
const count = async (): Promise<number> => ((await get('/summary')) as { events: number }).events;

const held = (submissionId: string, requestId = uuidV7()) => ({
  submissionId,
  requests: [
    {
      requestId,
      claimId: 'C1',
      billedCents: 200,
      allowedCents: 100,
      findings: [{ ruleId: 'amount.review', ruleVersion: '1', message: 'A person has to look.' }],
    },
  ],
});

/** Says `times` facts about one submission and gives the stream they are in, once checkpointed. */
async function sayStream(times: number): Promise<string> {
  const submissionId = uuidV7();
  for (let said = 0; said < times; said += 1)
    await validation.work(async ({ outbox }) => outbox.add(RequestsHeld, held(submissionId)));
  const stream = `requests/${submissionId}/${thisMonth.slice(0, 7)}`;
  await eventually(async () => {
    const [head] = await service.database.query<{ done: string }>(
      `select checkpointed_sequence as done from stream_heads where stream = $1`,
      [stream],
    );
    return Number(head?.done) === times;
  });
  return stream;
}

/** What the owner of the database can do: the triggers are off meanwhile. */
async function tamper(
  ...statements: readonly [sql: string, parameters: readonly unknown[]][]
): Promise<void> {
  await service.database.transaction(async (tx) => {
    for (const table of ['events', 'checkpoints', 'checkpoint_heads'])
      await tx.execute(`alter table ${table} disable trigger append_only`);
    for (const [sql, parameters] of statements) await tx.execute(sql, parameters);
    for (const table of ['events', 'checkpoints', 'checkpoint_heads'])
      await tx.execute(`alter table ${table} enable always trigger append_only`);
  });
}

const partitionsOf = async (...parents: string[]): Promise<string[]> => {
  const rows = await service.database.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent::regclass::text = any($1)`,
    [parents],
  );
  return rows.map(({ name }) => name);
};
const verify = async (): Promise<Verification> => (await get('/verify')) as Verification;
const problemsOf = async (stream: string) =>
  (await verify()).problems
    .filter((problem) => problem.stream === stream)
    .map(({ kind, sequence }) => ({ kind, sequence }));

describe('audit', () => {
  it('verifies what nobody touched, and counts it', async () => {
    await sayStream(3);
    expect(await verify()).toMatchObject({ verified: true, events: 3, streams: 1, problems: [] });
    expect(await get('/summary')).toMatchObject({ events: 3, byFact: { 'requests.held.v1': 3 } });
  });

  it('counts without reading an event, whoever holds them', async () => {
    const before = (await get('/summary')) as { events: number; streams: number };
    await sayStream(2);
    const seen = await service.database.transaction(async (tx) => {
      await tx.execute(`lock table events, stream_heads in access exclusive mode`);
      return fetch(`${service.url}/summary`, { signal: AbortSignal.timeout(3_000) }).then((answer) =>
        answer.json(),
      );
    });
    expect(seen).toMatchObject({ events: before.events + 2, streams: before.streams + 1 });
  });

  it('refuses to change or empty its tables, to the owner too', async () => {
    const partitions = await partitionsOf('events', 'event_subjects');
    expect(partitions.length).toBeGreaterThanOrEqual(6);
    for (const table of ['events', 'event_subjects', ...partitions, 'checkpoints', 'checkpoint_heads'])
      for (const sql of [`delete from ${table}`, `truncate ${table} cascade`])
        await expect(service.database.query(sql)).rejects.toThrow('append-only');
    for (const table of ['events', ...(await partitionsOf('events'))])
      await expect(service.database.query(`update ${table} set subject = ''`)).rejects.toThrow('append-only');
  });

  it('keeps sequences gapless when many streams and facts come at once', async () => {
    const before = await count();
    const submissions = [uuidV7(), uuidV7(), uuidV7()];
    await validation.work(async ({ outbox }) => {
      for (let said = 0; said < 30; said += 1)
        outbox.add(RequestsHeld, held(submissions[said % submissions.length]!));
    });
    await eventually(async () => (await count()) === before + 30);
    expect(await verify()).toMatchObject({ verified: true });
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
    await validation.work(async ({ outbox }) => outbox.add(RequestsHeld, fact));
    const of = (id: string) => ({ requestId: id, paymentId, payeeId: uuidV7(), amountCents: 100 });
    await payout.work(async ({ outbox }) => {
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
      const found = (await get(`/requests/${requestId}/trail`)) as Trail;
      return found.events?.length === 3 ? found : undefined;
    });
    expect(trail.events.map(({ type }) => type).sort()).toEqual([
      'payouts.scheduled.v1',
      'payouts.settled.v1',
      'requests.held.v1',
    ]);
    for (const { body } of trail.events) expect((body['requests'] ?? body['payments'])!.length).toBe(1);
    expect(JSON.stringify(trail)).not.toContain(otherId);
    expect((await fetch(`${service.url}/requests/${uuidV7()}/trail`)).status).toBe(404);
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
    await service.database.transaction((tx) =>
      appendFact({ ...openWork({ tx }), known }, { envelope, body, received }),
    );
    const { events } = (await get(`/requests/${requestId}/trail`)) as { events: { body: object }[] };
    expect(events.map((event) => event.body)).toMatchObject([
      { 'n\u0000': '\ud800', requests: [{ requestId, claimId: '\u0000' }] },
    ]);
    expect(await verify()).toMatchObject({ verified: true });
  });

  it('exports a chain that can be recomputed by others', async () => {
    const text = await (await fetch(`${service.url}/export`)).text();
    const events = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ReturnType<typeof chain>);
    expect(events).toHaveLength(await count());
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

describe('audit finds', () => {
  it('an edited field', async () => {
    const stream = await sayStream(4);
    await tamper([`update events set subject = 'another' where stream = $1 and sequence = 2`, [stream]]);
    expect(await problemsOf(stream)).toEqual([{ kind: 'edited', sequence: 2 }]);
  });

  it('an edited body', async () => {
    const stream = await sayStream(3);
    await tamper([
      `update events set body = (select body from events where stream = $1 and sequence = 1) where stream = $1 and sequence = 3`,
      [stream],
    ]);
    expect(await problemsOf(stream)).toEqual([{ kind: 'edited', sequence: 3 }]);
  });

  it('a deleted event', async () => {
    const stream = await sayStream(4);
    await tamper([`delete from events where stream = $1 and sequence = 2`, [stream]]);
    expect(await problemsOf(stream)).toContainEqual({ kind: 'deleted', sequence: 2 });
  });

  it('a deleted event whose gap was closed', async () => {
    const stream = await sayStream(4);
    await tamper(
      [`delete from events where stream = $1 and sequence = 2`, [stream]],
      [`update events set sequence = 2 where stream = $1 and sequence = 3`, [stream]],
      [`update events set sequence = 3 where stream = $1 and sequence = 4`, [stream]],
      [`update stream_heads set last_sequence = 3 where stream = $1`, [stream]],
    );
    expect(await problemsOf(stream)).toContainEqual({ kind: 'deleted', sequence: 2 });
  });

  it('two events that changed places', async () => {
    const stream = await sayStream(5);
    await tamper(
      [`update events set sequence = 99 where stream = $1 and sequence = 2`, [stream]],
      [`update events set sequence = 2 where stream = $1 and sequence = 4`, [stream]],
      [`update events set sequence = 4 where stream = $1 and sequence = 99`, [stream]],
    );
    const kinds = await problemsOf(stream);
    expect(kinds).toContainEqual({ kind: 'swapped', sequence: 2 });
    expect(kinds).toContainEqual({ kind: 'swapped', sequence: 4 });
  });

  const insert = `insert into events (message_id, month, stream, sequence, type, source, subject, time, correlation_id, body_digest, stored_digest, body, previous_hash, hash)
    select $2, month, stream, $3, type, source, subject, time, correlation_id, body_digest, stored_digest, body, decode($4, 'hex'), decode($5, 'hex')
      from events where stream = $1 and sequence = 1`;

  /** A forged event with a hash that is right. */
  async function forge(stream: string, after: number): Promise<readonly unknown[]> {
    const rows = await service.database.query<ReturnType<typeof chain>>(
      `select type, source, subject, time, correlation_id as "correlationId", encode(body_digest, 'hex') as "bodyDigest",
              encode(stored_digest, 'hex') as "storedDigest", encode(hash, 'hex') as hash from events where stream = $1 order by sequence`,
      [stream],
    );
    const { type, source, subject, time, correlationId, bodyDigest, storedDigest } = rows[0]!;
    const of = { type, source, subject, time, correlationId, bodyDigest, storedDigest };
    const event = { ...of, stream, causationId: null };
    const messageId = uuidV7();
    const { previousHash, hash } = chain(
      { ...event, messageId, sequence: after + 1 },
      rows[after - 1]!.hash,
      sha256,
    );
    return [stream, messageId, after + 1, previousHash, hash];
  }

  it('an event put at the end', async () => {
    const stream = await sayStream(3);
    await tamper([insert, await forge(stream, 3)]);
    expect(await problemsOf(stream)).toEqual([{ kind: 'inserted', sequence: 4 }]);
  });

  it('an event put in between', async () => {
    const stream = await sayStream(4);
    const forged = await forge(stream, 2);
    await tamper(
      [`update events set sequence = sequence + 100 where stream = $1 and sequence > 2`, [stream]],
      [`update events set sequence = sequence - 99 where stream = $1 and sequence > 100`, [stream]],
      [insert, forged],
      [`update stream_heads set last_sequence = 5 where stream = $1`, [stream]],
    );
    expect(await problemsOf(stream)).toContainEqual({ kind: 'inserted', sequence: 3 });
  });

  it('a tail that was cut off', async () => {
    const stream = await sayStream(4);
    await tamper([`delete from events where stream = $1 and sequence > 2`, [stream]]);
    expect(await problemsOf(stream)).toContainEqual({ kind: 'truncated', sequence: 4 });
  });

  it('a tail that was cut off together with its head', async () => {
    const stream = await sayStream(4);
    await tamper(
      [`delete from events where stream = $1 and sequence > 2`, [stream]],
      [
        `update stream_heads set last_sequence = 2, checkpointed_sequence = 2,
           last_hash = (select hash from events where stream = $1 and sequence = 2) where stream = $1`,
        [stream],
      ],
    );
    expect(await problemsOf(stream)).toEqual([{ kind: 'truncated', sequence: 4 }]);
  });

  it('a whole stream that was removed, head and all', async () => {
    const stream = await sayStream(2);
    await tamper(
      [`delete from events where stream = $1`, [stream]],
      [`delete from stream_heads where stream = $1`, [stream]],
    );
    expect(await problemsOf(stream)).toContainEqual({ kind: 'truncated', sequence: 2 });
  });

  it('a checkpoint that was rewritten', async () => {
    const stream = await sayStream(2);
    const [row] = await service.database.query<{ number: string }>(
      `select number from checkpoint_heads where stream = $1 and sequence = 2`,
      [stream],
    );
    await tamper([`update checkpoint_heads set sequence = 1 where stream = $1`, [stream]]);
    expect(await problemsOf('checkpoints')).toContainEqual({ kind: 'forged', sequence: Number(row!.number) });
  });

  it('a chain of checkpoints that does not agree with its copies outside the database', async () => {
    await sayStream(1);
    const path = join(copiesDir, 'checkpoints.ndjson');
    const honest = readFileSync(path, 'utf8');
    const before = await problemsOf('checkpoints');
    const last = before.length;
    writeFileSync(path, honest.replace(/"hash":"[0-9a-f]{4}/, '"hash":"0000'));
    expect((await problemsOf('checkpoints')).length).toBe(last + 1);
    writeFileSync(path, honest);
    appendFileSync(path, `${JSON.stringify({ number: 999_999, hash: 'f'.repeat(64) })}\n`);
    expect((await problemsOf('checkpoints')).length).toBe(last + 1);
    writeFileSync(path, honest);
  });

  it('a head that names another event than the last', async () => {
    const stream = await sayStream(2);
    await tamper([
      `update stream_heads set last_hash = decode(repeat('00', 32), 'hex') where stream = $1`,
      [stream],
    ]);
    expect(await problemsOf(stream)).toEqual([{ kind: 'edited', sequence: 2 }]);
  });

  it('the same however little it looks at at a time', async () => {
    const kinds = ({ problems }: Pick<Verification, 'problems'>): string[] =>
      problems.map(({ stream, sequence, kind }) => `${stream} ${sequence} ${kind}`).sort();
    const small = { events: 2, heads: 1, checkpoints: 1 };
    const copies = new CheckpointCopies(copiesDir);
    const paged = await service.database.transaction((tx) =>
      verifyChain({ ...openWork({ tx }), copies }, small),
    );
    const usual = await verify();
    expect(usual.problems.length).toBeGreaterThan(10);
    expect(kinds(paged)).toEqual(kinds(usual));
  });

  it('nothing when it cannot look, and says so', async () => {
    const path = join(copiesDir, 'checkpoints.ndjson');
    renameSync(path, `${path}.kept`);
    mkdirSync(path);
    try {
      const answer = await fetch(`${service.url}/verify`);
      expect(answer.status).toBe(503);
      const said = (await answer.json()) as object;
      expect(said).toMatchObject({ code: 'audit.not-verified' });
      expect(said).not.toHaveProperty('verified');
    } finally {
      rmSync(path, { recursive: true });
      renameSync(`${path}.kept`, path);
    }
  });
});
