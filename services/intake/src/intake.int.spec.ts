import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  PayoutsScheduled,
  RemittancesPosted,
  RequestsApproved,
  RequestsDenied,
  RequestsHeld,
  RequestsRejected,
  RequestsSubmitted,
  SubmissionsFailed,
  type FactContract,
  type RequestsSubmittedBody,
} from '@remitflow/contracts';
import { cents, plainDate, uuidV7 } from '@remitflow/kernel';
import type { MessagingRuntime } from '@remitflow/messaging';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { writeClaims, type ClaimBatch, type OutgoingEnvelope } from '@remitflow/x12';
import { ParseSubmissionsJob } from './inbound/parse-submissions.job.ts';
import { intake, IntakeModule } from './intake.module.ts';
import { RawFiles } from './outbound/raw-files.gateway.ts';
import { readSubmission } from './outbound/submission-file.gateway.ts';
import { openWork, type Work } from './outbound/work.ts';
import { parseSubmission } from './use-cases/parse-submission.ts';

/* eslint-disable @typescript-eslint/no-explicit-any -- answers are looked into, not relied on */

const decided = [RequestsApproved, RequestsDenied, RequestsHeld, RequestsRejected];
const later = [PayoutsScheduled, RemittancesPosted];

jest.setTimeout(60_000);

describe('intake', () => {
  let service: TestService;
  let validation: MessagingRuntime;
  let payout: MessagingRuntime;
  let remittance: MessagingRuntime;
  const folder = mkdtempSync(join(tmpdir(), 'intake-'));
  const heard: RequestsSubmittedBody[] = [];
  const failed: object[] = [];

  beforeAll(async () => {
    const environment = { RAW_FILES_DIR: folder, FILE_BYTES_MAX: '5000000' };
    service = await openTestService({ definition: intake, module: IntakeModule }, environment);
    validation = await service.speakAs('validation', decided, async (contract, body) => {
      if (contract.name === RequestsSubmitted.name) heard.push(body as RequestsSubmittedBody);
    });
    payout = await service.speakAs('payout', [PayoutsScheduled]);
    remittance = await service.speakAs('remittance', [RemittancesPosted]);
    await service.speakAs('audit', [], async (contract, body) => {
      if (contract.name === SubmissionsFailed.name) failed.push(body);
    });
  }, 60_000);

  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  const submit = async (body: string | Buffer | ReadableStream, headers: Record<string, string> = {}) => {
    const options = { method: 'POST', body, headers, duplex: 'half' } as RequestInit;
    const response = await fetch(`${service.url}/submissions`, options);
    return { status: response.status, body: (await response.json()) as any };
  };
  const get = async (path: string) => (await (await fetch(`${service.url}${path}`)).json()) as any;
  const finished = (submissionId: string) =>
    eventually(async () => {
      const told = await get(`/submissions/${submissionId}`);
      return (told.status === 'parsed' || told.status === 'failed') && told;
    });
  const submitted = async (body: string | Buffer, headers?: Record<string, string>) => {
    const accepted = await submit(body, headers);
    expect(accepted).toMatchObject({ status: 202 });
    return finished(accepted.body.submissionId);
  };
  const kept = () => readdirSync(folder, { recursive: true }).length;
  const rows = async () => (await service.database.query('select 1 from submissions')).length;
  const say = (runtime: MessagingRuntime, contract: FactContract, body: object) =>
    runtime.work(async ({ outbox }) => outbox.add(contract, body));

  it('keeps a file as it came and cuts it into facts', async () => {
    const file = aClaimFile({ claims: 1200 });
    const progress = await submitted(file, {
      'content-type': 'application/edi-x12',
      'x-file-name': 'C:%5Cmy%20claims.837',
    });
    expect(progress).toMatchObject({
      received: 1200,
      decided: 0,
      done: false,
      bytesRead: file.length,
      fileName: 'my claims.837',
    });
    const sha256 = createHash('sha256').update(file).digest('hex');
    const path = join(folder, sha256.slice(0, 2), progress.submissionId);
    expect(readFileSync(path, 'utf8')).toBe(file);
    expect(statSync(path).mode & 0o777).toBe(0o400);

    await eventually(() => heard.length === 3);
    expect(heard.map(({ part }) => part)).toEqual([1, 2, 3]);
    const positions = heard.flatMap(({ requests }) => requests.map(({ position }) => position));
    expect(positions).toEqual(Array.from({ length: 1200 }, (_, index) => index + 1));
    expect(await get(`/submissions/${progress.submissionId}/report`)).toMatchObject({
      counts: { received: 1200 },
      cents: { received: 1200 * 150_50 },
      rejections: [],
    });
    const [one] = await get(`/requests?submissionId=${progress.submissionId}&claimId=C1-7`);
    expect(one).toMatchObject({ position: 7, status: 'submitted', billedCents: 150_50 });
    const source = await (await fetch(`${service.url}/requests/${one.requestId}/source`)).text();
    expect(source).toMatch(/^CLM\*C1-7\*150\.5\*.*~$/);
    const detail = await get(`/requests/${one.requestId}`);
    expect(file.slice(detail.places['billingProvider.npi'].byteOffset)).toMatch(/^1234567893~/);
  });

  it('refuses what came before and names it', async () => {
    const first = await submitted(aClaimFile({ claims: 2, number: 2 }));
    const before = [kept(), await rows()];
    const again = await submit(aClaimFile({ claims: 2, number: 2 }));
    const sameNumber = await submit(aClaimFile({ claims: 3, number: 2 }));
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
    const answers = await Promise.all([1, 2, 3, 4].map(() => submit(file)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409]);
  });

  it('fails a broken file without a single request, and takes the mended one', async () => {
    const good = aClaimFile({ claims: 600, number: 4 });
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
    expect(await submit(broken)).toMatchObject({
      status: 409,
      body: {
        duplicateOf: told.submissionId,
        status: 'failed',
        failure: { code: 'transaction.segment-count' },
      },
    });
    expect(await submitted(good)).toMatchObject({ status: 'parsed', received: 600 });
    const text = await (
      await fetch(`${service.url}/submissions/${told.submissionId}/report?format=text`)
    ).text();
    expect(text).toContain('FILE FAILED  SE01 says "7" segments');
  });

  it.each([
    ['an empty file', '', {}, 400, 'submission.empty'],
    ['an empty chunked body', new ReadableStream({ start: (c) => c.close() }), {}, 400, 'submission.empty'],
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
    expect(await submit(body, headers as Record<string, string>)).toMatchObject({ status, body: { code } });
    expect([kept(), await rows()]).toEqual(before);
  });

  it('refuses a chunked file over the limit, and keeps nothing of one that is broken off', async () => {
    const before = [kept(), await rows()];
    const endless = new ReadableStream({ pull: (c) => c.enqueue(Buffer.alloc(100_000, 'ISA*')) });
    const outcome = await submit(endless).catch(() => undefined);
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

  it('keeps count of what becomes of requests, in whatever order it is told', async () => {
    const { submissionId } = await submitted(aClaimFile({ claims: 6, number: 7 }));
    const requests = await get(`/requests?submissionId=${submissionId}`);
    const ids: string[] = requests.map((one: any) => one.requestId);
    const [paid, scheduled, denied, held, rejected, reviewed] = ids as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const finding = { ruleId: 'amount.over-limit', ruleVersion: '1', message: 'A person decides.' };
    const holding = { claimId: 'C', billedCents: 150_50, allowedCents: 100_00, findings: [finding] };

    await say(
      remittance,
      RemittancesPosted,
      aRemittance('payment', [{ requestId: paid, claimId: 'C', outcome: 'paid', paidCents: 120_40 }]),
    );
    await eventually(async () => (await get(`/submissions/${submissionId}`)).paid === 1);
    await say(validation, RequestsHeld, {
      submissionId,
      requests: [held, reviewed].map((requestId) => ({ requestId, ...holding })),
    });
    await say(validation, RequestsApproved, {
      submissionId,
      requests: [paid, scheduled, reviewed].map((id) => aDecision(id, 120_40)),
    });
    await say(validation, RequestsDenied, { submissionId, requests: [aDecision(denied, 0)] });
    const findings = [
      {
        ruleId: 'npi.check-digit',
        ruleVersion: '1',
        field: 'billingProvider.npi',
        message: 'The NPI is wrong.',
      },
      {
        ruleId: 'line.charge',
        ruleVersion: '2',
        field: 'lines.1.chargeCents',
        message: 'The charge is zero.',
      },
    ];
    await say(validation, RequestsRejected, {
      submissionId,
      requests: [{ requestId: rejected, claimId: 'C7-5', findings }],
    });
    await say(payout, PayoutsScheduled, {
      cycleId: uuidV7(),
      requests: [paid, scheduled].map((requestId) => ({
        requestId,
        paymentId: uuidV7(),
        payeeId: uuidV7(),
        amountCents: 120_40,
      })),
    });
    await say(
      remittance,
      RemittancesPosted,
      aRemittance('denial', [{ requestId: denied, claimId: 'C', outcome: 'denied', paidCents: 0 }]),
    );

    const told = await eventually(async () => {
      const now = await get(`/submissions/${submissionId}`);
      return now.done && now.scheduled === 1 && now.remitted === 2 && now;
    });
    expect(told).toMatchObject({
      received: 6,
      decided: 6,
      approved: 3,
      held: 1,
      rejected: 1,
      denied: 1,
      paid: 1,
    });
    const report = await get(`/submissions/${submissionId}/report`);
    expect(report).toMatchObject({
      counts: { received: 6, approved: 3, held: 1, rejected: 1, denied: 1 },
      cents: { received: 6 * 150_50, rejected: 150_50 },
      paidCents: 3 * 120_40,
      rejections: [
        { claimId: 'C7-5', ruleId: 'npi.check-digit', loop: '2010AA', segment: 'NM1', element: 9 },
        { claimId: 'C7-5', ruleId: 'line.charge', loop: '2400', segment: 'SV1', element: 2 },
      ],
    });
    const csv = await (await fetch(`${service.url}/submissions/${submissionId}/report?format=csv`)).text();
    expect(csv.trim().split('\r\n')).toHaveLength(3);
    expect((await get(`/requests/${reviewed}`)).history.map(({ status }: any) => status)).toEqual([
      'submitted',
      'held',
      'decided',
    ]);

    await say(
      remittance,
      RemittancesPosted,
      aRemittance('reversal', [{ requestId: paid, claimId: 'C', outcome: 'reversed', paidCents: -120_40 }]),
    );
    await eventually(async () => (await get(`/requests/${paid}`)).status === 'reversed');
    expect(await get(`/submissions/${submissionId}/report`)).toMatchObject({ paidCents: 2 * 120_40 });
  });

  it('takes one request by JSON once for each key', async () => {
    const post = async (body: object, key?: string) => {
      const headers = { 'content-type': 'application/json', ...(key ? { 'idempotency-key': key } : {}) };
      const response = await fetch(`${service.url}/requests`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers,
      });
      return { status: response.status, body: (await response.json()) as any };
    };
    const answers = await Promise.all([1, 2, 3].map(() => post(aRequest, 'key-1')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.requestId)).size).toBe(1);
    const { requestId, submissionId } = answers[0]!.body;
    await eventually(() => heard.some((body) => body.requests[0]?.requestId === requestId));
    expect(await get(`/submissions/${submissionId}`)).toMatchObject({ status: 'parsed', received: 1 });
    expect(JSON.parse(await (await fetch(`${service.url}/requests/${requestId}/source`)).text())).toEqual(
      aRequest,
    );

    expect(await post({ ...aRequest, claimId: 'other' }, 'key-1')).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key.reused' },
    });
    expect(await post(aRequest)).toMatchObject({ status: 400, body: { code: 'idempotency-key.missing' } });
    expect(await post({ ...aRequest, billedCents: -1 }, 'key-2')).toMatchObject({
      status: 422,
      body: { code: 'request.unreadable', faults: [{ field: 'billedCents' }] },
    });
    const other = await post(aRequest, 'key-3');
    expect(other.body.requestId).not.toBe(requestId);
  });

  it('goes on behind the last part that was stored', async () => {
    const job = service.app.get(ParseSubmissionsJob);
    await job.beforeApplicationShutdown();
    const { body: accepted } = await submit(aClaimFile({ claims: 1300, number: 8 }));
    const runtime = service.app.get<MessagingRuntime>((validation as object).constructor as any);
    const work = <T>(perform: (work: Work) => Promise<T>) => runtime.work((unit) => perform(openWork(unit)));
    const stopping = new AbortController();
    let parts = 0;
    const needs = {
      read: ({ format, path }: any) =>
        readSubmission({ format, source: service.app.get(RawFiles).read(path) }, {}),
      work,
      room: async () => void ((parts += 1) > 1 && stopping.abort()),
      now: () => new Date(),
      testFiles: 'accept' as const,
    };
    const find = async () => (await work(({ submissions }) => submissions.find(accepted.submissionId)))!;
    await parseSubmission(needs, await find(), stopping.signal);
    const stopped = await find();
    expect(stopped).toMatchObject({ status: 'parsing', parts: 1, checked: true });

    const killed = { ...needs, room: async () => undefined, work: killedOn(3, work) };
    await expect(parseSubmission(killed, stopped, new AbortController().signal)).rejects.toThrow('killed');
    expect(await find()).toMatchObject({ status: 'parsing', parts: 2 });

    await Promise.all([job.round(new AbortController().signal), job.round(new AbortController().signal)]);
    expect(await find()).toMatchObject({ status: 'parsed', positions: 1300 });
    const said = () => heard.filter(({ submissionId }) => submissionId === accepted.submissionId);
    await eventually(() => said().length === 3);
    expect(said().flatMap(({ requests }) => requests.map(({ position }) => position))).toEqual(
      Array.from({ length: 1300 }, (_, index) => index + 1),
    );
    expect(await get(`/submissions/${accepted.submissionId}`)).toMatchObject({ received: 1300 });
  });
});

/** A transaction that does everything but commit. */
function killedOn(part: number, work: <T>(perform: (work: Work) => Promise<T>) => Promise<T>): typeof work {
  return (perform) =>
    work(async (unit) => {
      const result = await perform(unit);
      const parts = (unit.outbox as { size?: number }).size;
      killedOn.seen += 1;
      if (parts === 1 && killedOn.seen === part - 1) throw new Error('killed');
      return result;
    });
}
killedOn.seen = 0;

const aRequest = {
  claimId: 'J1',
  billingProvider: { npi: '1234567893', taxId: '123456789' },
  subscriber: { memberId: 'M1', lastName: 'DOE', firstName: 'JO', birthDate: '1980-02-29' },
  billedCents: 10_00,
  diagnoses: ['J069'],
  lines: [{ procedure: '99213', chargeCents: 10_00, serviceFrom: '2026-11-01' }],
};

const aDecision = (requestId: string, paidCents: number) => ({
  ...{
    requestId,
    position: 1,
    kind: '837P',
    claimId: 'C',
    frequency: '1',
    payeeId: uuidV7(),
    contractId: uuidV7(),
  },
  ...{
    rulesVersion: '1',
    subscriber: {},
    serviceFrom: '2026-11-01',
    serviceTo: '2026-11-01',
    receivedOn: '2026-11-22',
  },
  ...{ billedCents: 150_50, paidCents },
  lines: [
    {
      ...{ lineNumber: 1, modifiers: [], serviceFrom: '2026-11-01', serviceTo: '2026-11-01' },
      ...{
        chargeCents: 150_50,
        paidCents,
        adjustments: [{ group: 'CO', reason: '45', amountCents: 150_50 - paidCents }],
      },
    },
  ],
});

const aRemittance = (kind: string, requests: object[]) => ({
  ...{ remittanceId: uuidV7(), kind, payeeId: uuidV7(), trnReference: 'T1', fileName: 'a.835', part: 1 },
  requests,
});

/** A file of 837P claims; the number is its ISA13. */
function aClaimFile({ claims, number = 1 }: { claims: number; number?: number }): string {
  const day = plainDate('2026-11-01');
  const subscribers = Array.from({ length: claims }, (_, index) => ({
    subscriber: {
      entity: 'person',
      name: 'DOE',
      firstName: 'JO',
      memberId: `M${index}`,
      birthDate: plainDate('1980-02-29'),
      relationship: '18',
    } as const,
    payer: { name: 'THE PLAN', id: 'PLAN1' },
    claims: [
      {
        claimId: `C${number}-${index + 1}`,
        diagnoses: [{ qualifier: 'ABK', code: 'J069' }],
        lines: [
          { procedure: '99213', chargeCents: cents(125_00), serviceFrom: day },
          { procedure: '85025', chargeCents: cents(25_50), serviceFrom: day },
        ],
      },
    ],
  }));
  const batch: ClaimBatch = {
    type: '837P',
    batchReference: `B${number}`,
    submitter: { name: 'BILLER', id: 'BILLER1', contact: { name: 'JO', phone: '5550100' } },
    receiver: { name: 'REMITFLOW', id: 'REMITFLOW' },
    providers: [
      {
        provider: {
          entity: 'organization',
          name: 'NORTH CLINIC',
          npi: '1234567893',
          taxId: '123456789',
          address: { line1: '1 MAIN', city: 'X', state: 'CO', zip: '80000' },
        },
        subscribers,
      },
    ],
  };
  const envelope: OutgoingEnvelope = {
    ...{ senderQualifier: 'ZZ', senderId: 'SENDER', receiverQualifier: 'ZZ', receiverId: 'REMITFLOW' },
    ...{ date: plainDate('2026-11-22'), time: '0130', interchangeControlNumber: number, usage: 'P' },
  };
  return [...writeClaims(batch, envelope)].join('');
}
