import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RequestsSubmitted, type RequestsSubmittedBody } from '@remitflow/contracts';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { intake, IntakeModule } from '../intake.module.ts';
import { aClaimFile } from './claim-file.builder.ts';
import { Client } from './client.builder.ts';
import { aRequest } from './facts.builder.ts';

jest.setTimeout(60_000);

const partsAheadMax = 2;
const claims = 3_000;

describe('reading a file while validation is away', () => {
  let service: TestService;
  let client: Client;
  let submissionId: string;
  const folder = mkdtempSync(join(tmpdir(), 'intake-'));
  const heard: number[] = [];

  beforeAll(async () => {
    const environment = {
      RAW_FILES_DIR: folder,
      PARTS_AHEAD_MAX: String(partsAheadMax),
      FACTS_AHEAD_MAX: '40',
    };
    service = await openTestService({ definition: intake, module: IntakeModule }, environment);
    client = new Client(service.url);
  });

  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  const told = () => client.progress(submissionId);
  const partsSaid = async () =>
    (await service.database.query(`select 1 from outbox where fact_name = $1`, [RequestsSubmitted.name]))
      .length;

  it('waits a few parts ahead of it, and says so', async () => {
    ({ submissionId } = (await client.submit(aClaimFile({ claims }))).body);
    const waiting = await eventually(async () => {
      const progress = await told();
      return progress.waitsFor && (await partsSaid()) > partsAheadMax ? progress : undefined;
    });
    expect(waiting).toMatchObject({
      status: 'parsing',
      done: false,
      waitsFor: {
        code: 'reading.validation-behind',
        message: expect.stringContaining('until validation has taken'),
      },
    });
    expect(waiting.trouble).toBeUndefined();
    expect(waiting.received).toBeLessThan(claims);
    expect(await partsSaid()).toBe(partsAheadMax + 1);
  });

  it('still takes requests that come alone', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map((n) => client.request(aRequest, `alone ${n}`)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(await told()).toMatchObject({ status: 'parsing' });
  });

  it('goes on when validation is back, unless too much waits for somebody else', async () => {
    await service.database.query(
      `insert into outbox (message_id, fact_name, subject, awaiting, correlation_id, digest, body, published_at)
       select gen_random_uuid(), 'submissions.failed.v1', 'unheard', '{audit}', gen_random_uuid(), '', '', now()
       from generate_series(1, 60)`,
    );
    await service.speakAs('validation', [], async (contract, body) => {
      if (contract.name !== RequestsSubmitted.name) return;
      heard.push(...(body as RequestsSubmittedBody).requests.map(({ position }) => position));
    });
    await eventually(async () => (await told()).waitsFor?.code === 'reading.services-behind');
    expect(await told()).toMatchObject({ status: 'parsing' });

    await service.database.query(`delete from outbox where subject = 'unheard'`);
    const last = await eventually(async () => {
      const progress = await told();
      return progress.status === 'parsed' ? progress : undefined;
    });
    expect(last.waitsFor).toBeUndefined();
    await eventually(() => heard.length === claims + 4);
    expect(new Set(heard).size).toBe(claims);
  });
});
