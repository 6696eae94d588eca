import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@remitflow/kernel';
import { eventually, openTestService } from '@remitflow/testing';
import { openAudit, type AuditDriver } from './inbound/audit.builder.ts';
import { audit, AuditModule } from './audit.module.ts';
import { chain } from './domain/event.ts';
import { CheckpointCopies } from './outbound/checkpoint-copies.gateway.ts';
import { openWork, sha256 } from './outbound/work.ts';
import { verifyChain, type Verification } from './use-cases/verify-chain.ts';

let driver: AuditDriver;

beforeAll(async () => {
  driver = await openAudit({
    open: (environment) => openTestService({ definition: audit, module: AuditModule }, environment),
    eventually,
  });
}, 60_000);

afterAll(() => driver.close());

describe('audit finds', () => {
  it('an edited field', async () => {
    const stream = await driver.sayStream(4);
    await driver.tamper([
      `update events set subject = 'another' where stream = $1 and sequence = 2`,
      [stream],
    ]);
    expect(await driver.problemsOf(stream)).toEqual([{ kind: 'edited', sequence: 2 }]);
  });

  it('an edited body', async () => {
    const stream = await driver.sayStream(3);
    await driver.tamper([
      `update events set body = (select body from events where stream = $1 and sequence = 1) where stream = $1 and sequence = 3`,
      [stream],
    ]);
    expect(await driver.problemsOf(stream)).toEqual([{ kind: 'edited', sequence: 3 }]);
  });

  it('a deleted event', async () => {
    const stream = await driver.sayStream(4);
    await driver.tamper([`delete from events where stream = $1 and sequence = 2`, [stream]]);
    expect(await driver.problemsOf(stream)).toContainEqual({ kind: 'deleted', sequence: 2 });
  });

  it('a deleted event whose gap was closed', async () => {
    const stream = await driver.sayStream(4);
    await driver.tamper(
      [`delete from events where stream = $1 and sequence = 2`, [stream]],
      [`update events set sequence = 2 where stream = $1 and sequence = 3`, [stream]],
      [`update events set sequence = 3 where stream = $1 and sequence = 4`, [stream]],
      [`update stream_heads set last_sequence = 3 where stream = $1`, [stream]],
    );
    expect(await driver.problemsOf(stream)).toContainEqual({ kind: 'deleted', sequence: 2 });
  });

  it('two events that changed places', async () => {
    const stream = await driver.sayStream(5);
    await driver.tamper(
      [`update events set sequence = 99 where stream = $1 and sequence = 2`, [stream]],
      [`update events set sequence = 2 where stream = $1 and sequence = 4`, [stream]],
      [`update events set sequence = 4 where stream = $1 and sequence = 99`, [stream]],
    );
    const kinds = await driver.problemsOf(stream);
    expect(kinds).toContainEqual({ kind: 'swapped', sequence: 2 });
    expect(kinds).toContainEqual({ kind: 'swapped', sequence: 4 });
  });

  const insert = `insert into events (message_id, month, stream, sequence, type, source, subject, time, correlation_id, body_digest, stored_digest, body, previous_hash, hash)
    select $2, month, stream, $3, type, source, subject, time, correlation_id, body_digest, stored_digest, body, decode($4, 'hex'), decode($5, 'hex')
      from events where stream = $1 and sequence = 1`;

  /** A forged event with a hash that is right. */
  async function forge(stream: string, after: number): Promise<readonly unknown[]> {
    const rows = await driver.service.database.query<ReturnType<typeof chain>>(
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
    const stream = await driver.sayStream(3);
    await driver.tamper([insert, await forge(stream, 3)]);
    expect(await driver.problemsOf(stream)).toEqual([{ kind: 'inserted', sequence: 4 }]);
  });

  it('an event put in between', async () => {
    const stream = await driver.sayStream(4);
    const forged = await forge(stream, 2);
    await driver.tamper(
      [`update events set sequence = sequence + 100 where stream = $1 and sequence > 2`, [stream]],
      [`update events set sequence = sequence - 99 where stream = $1 and sequence > 100`, [stream]],
      [insert, forged],
      [`update stream_heads set last_sequence = 5 where stream = $1`, [stream]],
    );
    expect(await driver.problemsOf(stream)).toContainEqual({ kind: 'inserted', sequence: 3 });
  });

  it('a tail that was cut off', async () => {
    const stream = await driver.sayStream(4);
    await driver.tamper([`delete from events where stream = $1 and sequence > 2`, [stream]]);
    expect(await driver.problemsOf(stream)).toContainEqual({ kind: 'truncated', sequence: 4 });
  });

  it('a tail that was cut off together with its head', async () => {
    const stream = await driver.sayStream(4);
    await driver.tamper(
      [`delete from events where stream = $1 and sequence > 3`, [stream]],
      [
        `update stream_heads set last_sequence = 3, checkpointed_sequence = 3,
           last_hash = (select hash from events where stream = $1 and sequence = 3) where stream = $1`,
        [stream],
      ],
    );
    expect(await driver.problemsOf(stream)).toEqual([{ kind: 'truncated', sequence: 4 }]);
  });

  it('a whole stream that was removed, head and all', async () => {
    const stream = await driver.sayStream(2);
    await driver.tamper(
      [`delete from events where stream = $1`, [stream]],
      [`delete from stream_heads where stream = $1`, [stream]],
    );
    expect(await driver.problemsOf(stream)).toContainEqual({ kind: 'truncated', sequence: 2 });
  });

  it('a checkpoint that was rewritten', async () => {
    const stream = await driver.sayStream(2);
    const [row] = await driver.service.database.query<{ number: string }>(
      `select number from checkpoint_heads where stream = $1 and sequence = 2`,
      [stream],
    );
    await driver.tamper([`update checkpoint_heads set sequence = 1 where stream = $1`, [stream]]);
    expect(await driver.problemsOf('checkpoints')).toContainEqual({
      kind: 'forged',
      sequence: Number(row!.number),
    });
  });

  it('a chain of checkpoints that does not agree with its copies outside the database', async () => {
    await driver.sayStream(1);
    const path = driver.copiesPath;
    const honest = readFileSync(path, 'utf8');
    const before = await driver.problemsOf('checkpoints');
    const last = before.length;
    writeFileSync(path, honest.replace(/"hash":"[0-9a-f]{4}/, '"hash":"0000'));
    expect((await driver.problemsOf('checkpoints')).length).toBe(last + 1);
    writeFileSync(path, honest);
    appendFileSync(path, `${JSON.stringify({ number: 999_999, hash: 'f'.repeat(64) })}\n`);
    expect((await driver.problemsOf('checkpoints')).length).toBe(last + 1);
    writeFileSync(path, honest);
  });

  it('a head that names another event than the last', async () => {
    const stream = await driver.sayStream(2);
    await driver.tamper([
      `update stream_heads set last_hash = decode(repeat('00', 32), 'hex') where stream = $1`,
      [stream],
    ]);
    expect(await driver.problemsOf(stream)).toEqual([{ kind: 'edited', sequence: 2 }]);
  });

  it('in a page that holds text which breaks it up', async () => {
    const [stream, neighbour] = [await driver.sayStream(3), await driver.sayStream(2)];
    await driver.tamper([
      `update events set subject = e'x\\ty\\nz' where stream = $1 and sequence = 2`,
      [stream],
    ]);
    expect(await driver.problemsOf(stream)).toEqual([{ kind: 'edited', sequence: 2 }]);
    expect(await driver.problemsOf(neighbour)).toEqual([]);
  });

  it('the same however little it looks at at a time', async () => {
    const kinds = ({ problems }: Pick<Verification, 'problems'>): string[] =>
      problems.map(({ stream, sequence, kind }) => `${stream} ${sequence} ${kind}`).sort();
    const small = { events: 2, heads: 1, checkpoints: 1 };
    const copies = new CheckpointCopies(driver.copiesDir);
    const paged = await driver.service.database.transaction((tx) =>
      verifyChain({ ...openWork({ tx }), copies }, small),
    );
    const usual = await driver.verify();
    expect(usual.problems.length).toBeGreaterThan(10);
    expect(kinds(paged)).toEqual(kinds(usual));
  });

  it('nothing when it cannot look, and says so', async () => {
    const path = driver.copiesPath;
    renameSync(path, `${path}.kept`);
    mkdirSync(path);
    try {
      const answer = await fetch(`${driver.service.url}/verify`);
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
