import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import type { Submission } from '../domain/submission.ts';
import { intake, IntakeModule } from '../intake.module.ts';
import { EdgeNeeds } from './edge-needs.ts';
import { ParseSubmissionsJob } from './parse-submissions.job.ts';
import { aClaimFile } from './claim-file.builder.ts';
import { Client } from './client.builder.ts';
import { aRequest } from './facts.builder.ts';

jest.setTimeout(60_000);

describe('a fault on our side', () => {
  let service: TestService;
  let client: Client;
  let job: ParseSubmissionsJob;
  let edge: EdgeNeeds;
  let number = 100;
  const folder = mkdtempSync(join(tmpdir(), 'intake-'));
  const never = new AbortController().signal;

  beforeAll(async () => {
    service = await openTestService({ definition: intake, module: IntakeModule }, { RAW_FILES_DIR: folder });
    client = new Client(service.url);
    job = service.app.get(ParseSubmissionsJob);
    edge = service.app.get(EdgeNeeds);
    await job.beforeApplicationShutdown(); // every round is run by the spec
  });

  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  const submitted = async (file = aClaimFile({ claims: 2, number: number++ })) =>
    (await client.submit(file)).body.submissionId;
  const find = (id: string): Promise<Submission> =>
    edge.work(async ({ submissions }) => (await submissions.find(id))!);
  const pathOf = async (id: string) => join(folder, (await find(id)).path);
  const readAfterAll = (id: string) =>
    eventually(async () => {
      await job.round(never);
      const told = await client.progress(id);
      return told.status === 'parsed' && told;
    });

  it.each([
    ['57014', 'the statement is cancelled', true],
    ['25006', 'the database takes no writes', false],
    ['57P03', 'the database is starting up', false],
    ['22P05', 'it refuses a text', true],
    ['40001', 'a transaction lost a race', true],
    ['XX000', 'it has a fault of its own', true],
  ])('that is the database (%s: %s) is waited for', async (code, _, isNoted) => {
    const id = await submitted();
    await service.database.query(`
      create function refuse() returns trigger language plpgsql as $$
      begin raise exception using errcode = '${code}', message = 'refused'; end $$`);
    await service.database.query(
      `create trigger refusing before insert on requests for each statement execute function refuse()`,
    );
    await job.round(never).catch(() => undefined); // an outage is the job's to wait for
    const told = await client.progress(id);
    await service.database.query(`drop function refuse cascade`);
    expect(told).toMatchObject({ status: 'parsing', done: false });
    expect(told.trouble?.code).toBe(isNoted ? 'submission.interrupted' : undefined);
    expect(await readAfterAll(id)).toMatchObject({ received: 2 });
    expect(await client.progress(id)).not.toHaveProperty('trouble');
  });

  it('that is the file system is waited for, and does not hold up the next file', async () => {
    const [lost, unreadable] = [await submitted(), await submitted()];
    const [lostPath, unreadablePath] = [await pathOf(lost), await pathOf(unreadable)];
    renameSync(lostPath, `${lostPath}.away`);
    renameSync(unreadablePath, `${unreadablePath}.away`);
    mkdirSync(unreadablePath);
    const next = await submitted();
    await job.round(never);
    expect(await client.progress(next)).toMatchObject({ status: 'parsed' });
    expect(await client.progress(lost)).toMatchObject({
      status: 'received',
      trouble: { code: 'raw-file.missing', message: expect.stringMatching(/our side/) },
    });
    expect(await client.progress(unreadable)).toMatchObject({ trouble: { code: 'raw-file.unreadable' } });

    rmSync(unreadablePath, { recursive: true });
    renameSync(lostPath + '.away', lostPath);
    renameSync(unreadablePath + '.away', unreadablePath);
    expect(await readAfterAll(lost)).toMatchObject({ received: 2 });
    expect(await readAfterAll(unreadable)).toMatchObject({ received: 2 });
  });

  it('waits longer each time', async () => {
    const id = await submitted();
    rmSync(await pathOf(id));
    const waits: number[] = [];
    for (let tries = 1; tries <= 6; tries += 1) {
      await service.database.query(`update submissions set next_try_at = null`);
      await job.round(never);
      const [row] = await service.database.query<{ tries: number; ms: number }>(
        `select tries, extract(epoch from next_try_at - now()) * 1000 as ms from submissions where submission_id = $1`,
        [id],
      );
      expect(row!.tries).toBe(tries);
      waits.push(Number(row!.ms));
    }
    expect(waits[5]).toBeGreaterThan(waits[0]! * 4);
    await service.database.query(`update submissions set status = 'parsed' where submission_id = $1`, [id]);
  });

  const x12 = (seed: number) => aClaimFile({ claims: 3, number: 900 + seed });
  const csvHead =
    'claim_id,npi,tax_id,member_id,last_name,first_name,birth_date,service_from,procedure,charge,diagnoses';
  const csvRow = ',1234567893,123456789,M1,DOE,JO,1980-02-29,2026-11-01,99213,10,J069\n';
  it.each([
    ['X12 cut off', x12(1), (text: string) => text.slice(0, -60)],
    ['X12 with another count', x12(2), (text: string) => text.replace(/SE\*\d+\*/, 'SE*7*')],
    ['CSV cut between two rows', `${csvHead}\nA${csvRow}B${csvRow}`, (text: string) => text.split('B,')[0]!],
    [
      'JSON with another text',
      JSON.stringify([{ ...aRequest, claimId: 'K1' }]),
      (text: string) => text.replace('K1', 'K2'),
    ],
    ['JSON broken', JSON.stringify([{ ...aRequest, claimId: 'K3' }]), (text: string) => text.slice(0, -1)],
  ])('that changes stored bytes (%s) is no fault of the file', async (_, file, spoil) => {
    const id = await submitted(file);
    const path = await pathOf(id);
    const bytes = readFileSync(path, 'utf8');
    chmodSync(path, 0o600);
    writeFileSync(path, spoil(bytes));
    await job.round(never);
    expect(await client.progress(id)).toMatchObject({
      status: 'received',
      received: 0,
      trouble: { code: 'raw-file.changed' },
    });
    writeFileSync(path, bytes);
    await readAfterAll(id);
  });

  it('that comes between the two readings does not fail what was found in order', async () => {
    const id = await submitted();
    const path = await pathOf(id);
    await service.database.query(
      `update submissions set checked = true, status = 'parsing' where submission_id = $1`,
      [id],
    );
    const bytes = readFileSync(path, 'utf8');
    chmodSync(path, 0o600);
    writeFileSync(path, bytes.slice(0, 300));
    await job.round(never);
    expect(await client.progress(id)).toMatchObject({
      status: 'parsing',
      trouble: { code: 'raw-file.changed' },
    });
    writeFileSync(path, bytes);
    expect(await readAfterAll(id)).toMatchObject({ received: 2 });
  });
});
