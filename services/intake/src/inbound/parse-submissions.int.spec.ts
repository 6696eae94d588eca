import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RequestsSubmitted, type RequestsSubmittedBody } from '@remitflow/contracts';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import type { Submission } from '../domain/submission.ts';
import { intake, IntakeModule } from '../intake.module.ts';
import { readSubmission, surveySubmission } from '../outbound/submission-file.gateway.ts';
import { parseSubmission, type Needs } from '../use-cases/parse-submission.ts';
import { EdgeNeeds } from './edge-needs.ts';
import { ParseSubmissionsJob } from './parse-submissions.job.ts';
import { aClaimFile } from './claim-file.builder.ts';
import { Client } from './client.builder.ts';

jest.setTimeout(60_000);

describe('reading submissions', () => {
  let service: TestService;
  let client: Client;
  let job: ParseSubmissionsJob;
  let edge: EdgeNeeds;
  const folder = mkdtempSync(join(tmpdir(), 'intake-'));
  const heard: RequestsSubmittedBody[] = [];

  beforeAll(async () => {
    const environment = {
      RAW_FILES_DIR: folder,
      RECEIVER_IDS: 'OTHER, REMITFLOW',
      TEST_FILES: 'refuse',
      OUTBOX_ROWS_MAX: '3',
    };
    service = await openTestService({ definition: intake, module: IntakeModule }, environment);
    client = new Client(service.url);
    job = service.app.get(ParseSubmissionsJob);
    edge = service.app.get(EdgeNeeds);
    await job.beforeApplicationShutdown(); // every round is run by the spec
    await service.speakAs('validation', [], async (contract, body) => {
      if (contract.name === RequestsSubmitted.name) heard.push(body as RequestsSubmittedBody);
    });
  });

  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  const waitingFacts = async () =>
    (await service.database.query(`select 1 from outbox where published_at is null`)).length;
  const never = new AbortController().signal;
  const submitted = async (file: string) => (await client.submit(file)).body.submissionId;
  const find = (id: string): Promise<Submission> =>
    edge.work(async ({ submissions }) => (await submissions.find(id))!);
  const needs = (own: Partial<Needs> = {}): Needs => ({
    ...{ work: edge.work, now: edge.now, testFiles: 'accept', room: async () => undefined },
    survey: (file) => surveySubmission({ format: file.format, source: edge.files.readWhole(file) }, {}),
    read: (file) => readSubmission({ format: file.format, source: edge.files.readWhole(file) }, {}),
    verify: (file) => edge.files.verify(file),
    ...own,
  });

  it('goes on behind the last part that was stored, and says nothing twice', async () => {
    const id = await submitted(aClaimFile({ claims: 1300 }));
    const stopping = new AbortController();
    let asked = 0;
    const room = async () => void ((asked += 1) === 2 && stopping.abort());
    await parseSubmission(needs({ room }), await find(id), stopping.signal);
    expect(await find(id)).toMatchObject({ status: 'parsing', parts: 1, checked: true });

    let transactions = 0;
    const killed: Needs['work'] = (perform) =>
      edge.work(async (work) => {
        const result = await perform(work);
        if ((transactions += 1) === 2) throw new Error('killed before the commit');
        return result;
      });
    await expect(parseSubmission(needs({ work: killed }), await find(id), never)).rejects.toThrow('killed');
    expect(await find(id)).toMatchObject({ status: 'parsing', parts: 2 });

    await Promise.all([job.round(never), job.round(never)]);
    expect(await find(id)).toMatchObject({ status: 'parsed', parts: 3, positions: 1300 });
    await eventually(() => heard.length === 3);
    expect(heard.flatMap(({ requests }) => requests.map(({ position }) => position))).toEqual(
      Array.from({ length: 1300 }, (_, index) => index + 1),
    );
    expect(await client.progress(id)).toMatchObject({ received: 1300 });
  });

  it('lets nobody say a part that another process has said', async () => {
    const id = await submitted(aClaimFile({ claims: 3, number: 2 }));
    const found = await find(id);
    await parseSubmission(needs(), found, never);
    await expect(parseSubmission(needs(), { ...found, checked: true }, never)).rejects.toMatchObject({
      code: 'submission.part-taken',
    });
    expect(await client.progress(id)).toMatchObject({ received: 3, status: 'parsed' });
  });

  it('fails what is not for us, is a test, or repeats an interchange further down', async () => {
    const first = await submitted(aClaimFile({ claims: 1, number: 5 }));
    const files = [
      aClaimFile({ claims: 1, number: 6 }).replace('ZZ*REMITFLOW      *', 'ZZ*ELSEWHERE      *'),
      aClaimFile({ claims: 1, number: 7 }).replace('*0*P*:', '*0*T*:'),
      aClaimFile({ claims: 1, number: 8 }) + aClaimFile({ claims: 1, number: 5 }),
      aClaimFile({ claims: 1, number: 9 }) + aClaimFile({ claims: 1, number: 10 }),
    ];
    const ids: string[] = [];
    for (const file of files) ids.push(await submitted(file));
    await job.round(never);
    const told = await Promise.all(ids.map((id) => client.progress(id)));
    expect(told.map(({ status, failure }) => failure ?? status)).toMatchObject([
      { code: 'interchange.receiver', segment: 'ISA', element: 8, byteOffset: 54 },
      { code: 'interchange.test-file', segment: 'ISA', element: 15, byteOffset: 102 },
      {
        ...{ code: 'interchange.duplicate', segment: 'ISA', element: 13, duplicateOf: first },
        byteOffset: files[2]!.lastIndexOf('ISA*') + 90,
      },
      'parsed',
    ]);
  });

  it('says nothing more while the broker does not keep up, and still ends when it is told to', async () => {
    await eventually(async () => (await waitingFacts()) === 0);
    await service.database.query(
      `insert into outbox (message_id, fact_name, subject, correlation_id, digest, body, not_before)
       select gen_random_uuid(), 'submissions.failed.v1', 'later', gen_random_uuid(), '', '', now() + interval '1 hour'
       from generate_series(1, 4)`,
    );
    const id = await submitted(aClaimFile({ claims: 2, number: 11 }));
    const stopping = new AbortController();
    const stopped = job.round(stopping.signal);
    await eventually(async () => (await find(id)).checked);
    stopping.abort();
    await stopped;
    expect(await find(id)).toMatchObject({ status: 'parsing', parts: 0 });

    const round = job.round(never);
    await service.database.query(`delete from outbox where subject = 'later'`);
    await round;
    expect(await find(id)).toMatchObject({ status: 'parsed', parts: 1 });
  });
});
