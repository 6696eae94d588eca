import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  RequestsSubmitted,
  SubmissionsFailed,
  SubmissionsReceived,
  type RequestsSubmittedBody,
} from '@remitflow/contracts';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import type { RequestDetail, RequestView } from '../domain/request-view.ts';
import { intake, IntakeModule } from '../intake.module.ts';
import { aClaimFile } from './claim-file.builder.ts';
import { Client, type Body } from './client.builder.ts';
import { aRequest } from './facts.builder.ts';

jest.setTimeout(60_000);

describe('uploads', () => {
  let service: TestService;
  let client: Client;
  const folder = mkdtempSync(join(tmpdir(), 'intake-'));
  const heard: RequestsSubmittedBody[] = [];
  const failed: object[] = [];
  const received: object[] = [];

  beforeAll(async () => {
    const environment = { RAW_FILES_DIR: folder, FILE_BYTES_MAX: '5000000' };
    service = await openTestService({ definition: intake, module: IntakeModule }, environment);
    client = new Client(service.url);
    await service.speakAs('validation', [], async (contract, body) => {
      if (contract.name === RequestsSubmitted.name) heard.push(body as RequestsSubmittedBody);
    });
    await service.speakAs('audit', [], async (contract, body) => {
      if (contract.name === SubmissionsFailed.name) failed.push(body);
      if (contract.name === SubmissionsReceived.name) received.push(body);
    });
  });

  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  const submitted = async (body: Body, headers?: Record<string, string>) => {
    const accepted = await client.submit(body, headers);
    expect(accepted).toMatchObject({ status: 202 });
    return eventually(() => client.finished(accepted.body.submissionId));
  };
  const kept = () => readdirSync(folder, { recursive: true }).length;
  const rows = async () => (await service.database.query('select 1 from submissions')).length;

  it('keeps a file as it came and cuts it into facts', async () => {
    const file = aClaimFile({ claims: 810 });
    const progress = await submitted(file, {
      'content-type': 'application/edi-x12',
      'x-file-name': 'C:%5Cmy%20claims.837',
    });
    expect(progress).toMatchObject({
      received: 810,
      decided: 0,
      done: false,
      bytesRead: file.length,
      fileName: 'my claims.837',
    });
    const sha256 = createHash('sha256').update(file).digest('hex');
    const path = join(folder, sha256.slice(0, 2), progress.submissionId);
    expect(readFileSync(path, 'utf8')).toBe(file);
    expect(statSync(path).mode & 0o777).toBe(0o400);

    await eventually(() => heard.length === 2 && received.length > 0);
    expect(JSON.stringify(received)).not.toContain('my claims'); // a file name may hold a patient's
    expect(heard.map(({ part }) => part)).toEqual([1, 2]);
    const positions = heard.flatMap(({ requests }) => requests.map(({ position }) => position));
    expect(positions).toEqual(Array.from({ length: 810 }, (_, index) => index + 1));
    expect(await client.get(`/submissions/${progress.submissionId}/report`)).toMatchObject({
      counts: { received: 810 },
      cents: { received: 810 * 150_50 },
      rejections: [],
    });
    const [one] = await client.get<RequestView[]>(
      `/requests?submissionId=${progress.submissionId}&claimId=C1-7`,
    );
    expect(one).toMatchObject({ position: 7, status: 'submitted', billedCents: 150_50 });
    const source = await client.text(`/requests/${one!.requestId}/source`);
    expect(source).toMatch(/^CLM\*C1-7\*150\.5\*.*~$/);
    const detail = await client.get<RequestDetail>(`/requests/${one!.requestId}`);
    expect(file.slice(detail.places['billingProvider.npi']?.byteOffset)).toMatch(/^1234567893~/);
  });

  it('carries text that no database takes as a fault of its claim alone', async () => {
    const claims = [aRequest, { ...aRequest, claimId: 'half' }, { ...aRequest, claimId: 'zero' }];
    const file = JSON.stringify(claims)
      .replace('"half"', String.raw`"J\ud800"`)
      .replace('"zero"', String.raw`"J\u0000"`);
    const name = `${'a'.repeat(254)}😀.json`;
    const told = await submitted(file, { 'x-file-name': encodeURIComponent(name) });
    expect(told).toMatchObject({ status: 'parsed', received: 3, fileName: 'a'.repeat(254) });
    const list = await client.get<RequestView[]>(`/requests?submissionId=${told.submissionId}`);
    expect(list.map(({ claimId }) => claimId)).toEqual(['J1', '', '']);
    const said = await eventually(() => heard.find(({ submissionId }) => submissionId === told.submissionId));
    expect(said.requests.map(({ faults }) => faults.map(({ field }) => field))).toEqual([
      [],
      ['claimId'],
      ['claimId'],
    ]);
    expect(await client.get('/requests?claimId=%00')).toMatchObject({ code: 'request.invalid' });
  });

  it('refuses what came before and names it', async () => {
    const first = await submitted(aClaimFile({ claims: 2, number: 2 }));
    const before = [kept(), await rows()];
    const again = await client.submit(aClaimFile({ claims: 2, number: 2 }));
    const sameNumber = await client.submit(aClaimFile({ claims: 3, number: 2 }));
    for (const duplicate of [again, sameNumber]) {
      expect(duplicate).toMatchObject({
        status: 409,
        body: { code: 'submission.duplicate', duplicateOf: first.submissionId, status: 'parsed' },
      });
    }
    expect([kept(), await rows()]).toEqual(before);
  });

  it('takes a file of which two come at once only once', async () => {
    const file = aClaimFile({ claims: 1, number: 3 });
    const answers = await Promise.all([1, 2, 3, 4].map(() => client.submit(file)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409]);
  });

  it('fails a broken file without a single request, and takes the mended one', async () => {
    const good = aClaimFile({ claims: 20, number: 4 });
    const broken = good.replace(/SE\*\d+\*/, 'SE*7*');
    const told = await submitted(broken);
    expect(told).toMatchObject({
      status: 'failed',
      received: 0,
      done: true,
      failure: {
        code: 'transaction.segment-count',
        segment: 'SE',
        element: 1,
        byteOffset: broken.indexOf('SE*7*') + 3,
      },
    });
    await eventually(() => failed.length > 0);
    expect(failed).toMatchObject([{ submissionId: told.submissionId, requestsSubmitted: 0 }]);
    expect(await client.submit(broken)).toMatchObject({
      status: 409,
      body: {
        duplicateOf: told.submissionId,
        status: 'failed',
        failure: { code: 'transaction.segment-count' },
      },
    });
    expect(await submitted(good)).toMatchObject({ status: 'parsed', received: 20 });
    const text = await client.text(`/submissions/${told.submissionId}/report?format=text`);
    expect(text).toContain('FILE FAILED  SE01 says "7" segments');
  });

  it.each([
    ['an empty file', '', {}, 400, 'submission.empty'],
    [
      'an empty chunked body',
      new ReadableStream({ start: (stream) => stream.close() }),
      {},
      400,
      'submission.empty',
    ],
    ['blanks', ' \r\n ', {}, 400, 'submission.empty'],
    ['a zip', Buffer.from('PK\u0003\u0004rest'), {}, 415, 'submission.zip'],
    ['UTF-16', Buffer.from('\uFEFFISA*00*', 'utf16le'), {}, 415, 'submission.utf-16'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), {}, 415, 'submission.binary'],
    ['prose', 'Dear payer', {}, 422, 'submission.text'],
    ['X12 declared as CSV', 'ISA*00*', { 'content-type': 'text/csv' }, 415, 'submission.type-mismatch'],
    [
      'CSV declared as JSON',
      'a,b\n1,2',
      { 'content-type': 'application/json' },
      415,
      'submission.type-mismatch',
    ],
    ['an unknown type', 'ISA*00*', { 'content-type': 'image/png' }, 415, 'submission.media-type'],
    ['a packed body', 'ISA*00*', { 'content-encoding': 'gzip' }, 415, 'submission.media-type'],
    ['a file over the limit', Buffer.alloc(5_000_001, 'ISA*'), {}, 413, 'submission.too-large'],
  ])('answers %s at once and stores nothing', async (_, body, headers, status, code) => {
    const before = [kept(), await rows()];
    expect(await client.submit(body, headers as Record<string, string>)).toMatchObject({
      status,
      body: { code },
    });
    expect([kept(), await rows()]).toEqual(before);
  });

  it('refuses a chunked file over the limit, and keeps nothing of one that is broken off', async () => {
    const before = [kept(), await rows()];
    const endless = new ReadableStream({ pull: (stream) => stream.enqueue(Buffer.alloc(100_000, 'ISA*')) });
    const outcome = await client.submit(endless).catch(() => undefined);
    expect(outcome?.status ?? 413).toBe(413);
    await new Promise<void>((resolve) => {
      const upload = httpRequest(`${service.url}/submissions`, { method: 'POST' });
      upload.on('error', () => resolve());
      upload.write(aClaimFile({ claims: 50, number: 5 }), () => upload.destroy(new Error('off')));
    });
    await eventually(async () => kept() === before[0]);
    expect(await rows()).toBe(before[1]);
  });

  const good = aClaimFile({ claims: 2, number: 6 });
  it.each([
    [
      'an ISA of 105 characters',
      good.replace('SENDER         *', 'SENDER        *'),
      'interchange.header-width',
    ],
    ['a file cut off', good.slice(0, -60), 'file.premature-end'],
    ['an eligibility inquiry', good.replace('ST*837*', 'ST*270*'), 'transaction.type'],
    ['an endless segment', good.replace('NORTH CLINIC', 'X'.repeat(20_000)), 'segment.too-long'],
    ['no claim', good.replace(/HL\*1\*.*SE\*\d+/s, 'SE*6'), 'submission.no-requests'],
    ['JSON that is no array', '{"claimId":"A"}', 'json.not-array'],
    ['JSON cut off', '[{"claimId":"A"}', 'json.premature-end'],
    ['an empty array', '[]', 'submission.no-requests'],
    ['CSV without its columns', 'claim_id,charge\nA,1\n', 'csv.missing-column'],
  ])('fails %s with a located sentence, and goes on with the next file', async (_, file, code) => {
    const told = await submitted(file);
    expect(told).toMatchObject({
      status: 'failed',
      received: 0,
      failure: { code, message: expect.stringMatching(/\.$/) },
    });
  });

  it('reads CSV and JSON, and carries what is bad in one claim', async () => {
    const heardBefore = heard.length;
    const header =
      'claim_id,npi,tax_id,member_id,last_name,first_name,birth_date,service_from,procedure,charge,diagnoses';
    const row = '1234567893,123456789,M1,DOE,JO,1980-02-29,2026-11-01,99213';
    const csv = await submitted(`${header}\nA,${row},10,J069\nA,${row},20,J069\nB,${row},much,J069\n`, {
      'content-type': 'text/csv',
    });
    expect(csv).toMatchObject({ format: 'csv', status: 'parsed', received: 2 });
    const json = await submitted(JSON.stringify([aRequest, { ...aRequest, billedCents: 'much' }]), {
      'content-type': 'application/json',
    });
    expect(json).toMatchObject({ format: 'json', status: 'parsed', received: 2 });
    await eventually(() => heard.length === heardBefore + 2);
    expect(
      heard
        .slice(heardBefore)
        .map(({ requests }) => requests.map(({ faults }) => faults.map(({ code }) => code))),
    ).toEqual([
      [[], ['csv.charge']],
      [[], ['field.amount']],
    ]);
  });
});
