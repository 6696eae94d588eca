import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { uuidV7 } from '@remitflow/kernel';
import { openTestService, type TestService } from '@remitflow/testing';
import { intake, IntakeModule } from '../intake.module.ts';
import { rawPathOf } from '../domain/submission.ts';
import { aClaimFile } from './claim-file.builder.ts';
import { Client } from './client.builder.ts';
import { aRequest } from './facts.builder.ts';
import { SweepRawFilesJob } from './sweep-raw-files.job.ts';

jest.setTimeout(60_000);

describe('raw files that nobody owns', () => {
  let service: TestService;
  let client: Client;
  let job: SweepRawFilesJob;
  const folder = mkdtempSync(join(tmpdir(), 'intake-'));
  const incoming = join(folder, 'incoming');

  beforeAll(async () => {
    service = await openTestService({ definition: intake, module: IntakeModule }, { RAW_FILES_DIR: folder });
    client = new Client(service.url);
    job = service.app.get(SweepRawFilesJob);
    await job.beforeApplicationShutdown(); // every round is run by the spec
  });

  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  const keptFiles = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.parentPath !== incoming)
      .map(({ name }) => name)
      .sort();
  const makeOld = () => {
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    for (const name of readdirSync(incoming)) utimesSync(join(incoming, name), longAgo, longAgo);
  };

  it('are swept when they are old: a commit failed, or the process was killed', async () => {
    const { body } = await client.submit(aClaimFile({ claims: 1 }));
    expect(readdirSync(incoming)).toEqual([]);
    const mine = [body.submissionId];
    expect(keptFiles()).toEqual(mine);

    await service.database.query(`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no commit'; end $$`);
    await service.database.query(
      `create constraint trigger refusing after insert on submissions deferrable initially deferred
       for each row execute function refuse()`,
    );
    expect(await client.submit(aClaimFile({ claims: 1, number: 2 }))).toMatchObject({ status: 500 });
    expect(await client.request(aRequest, 'key')).toMatchObject({ status: 500 });
    await service.database.query(`drop function refuse cascade`);
    expect(keptFiles()).toHaveLength(3);

    await job.round();
    expect(keptFiles()).toHaveLength(3); // who knows whether the commit is not under way yet
    writeFileSync(join(incoming, uuidV7()), 'an upload that was broken off');
    writeFileSync(join(incoming, rawPathOf(body.sha256!, body.submissionId).replace('/', '.')), '');
    makeOld();
    await job.round();
    expect(keptFiles()).toEqual(mine);
    expect(readdirSync(incoming)).toEqual([]);
  });
});
