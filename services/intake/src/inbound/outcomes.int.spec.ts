import { mkdtempSync, rmSync } from 'node:fs';
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
  type FactContract,
  type RequestsSubmittedBody,
} from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import type { MessagingRuntime } from '@remitflow/messaging';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import type { RequestDetail, RequestView } from '../domain/request-view.ts';
import { intake, IntakeModule } from '../intake.module.ts';
import { aClaimFile } from './claim-file.builder.ts';
import { Client } from './client.builder.ts';
import { aDecision, aRemittance, aRequest } from './facts.builder.ts';

jest.setTimeout(60_000);

describe('requests', () => {
  let service: TestService;
  let client: Client;
  let validation: MessagingRuntime;
  let payout: MessagingRuntime;
  let remittance: MessagingRuntime;
  const folder = mkdtempSync(join(tmpdir(), 'intake-'));
  const heard: string[] = [];

  beforeAll(async () => {
    service = await openTestService({ definition: intake, module: IntakeModule }, { RAW_FILES_DIR: folder });
    client = new Client(service.url);
    const decided = [RequestsApproved, RequestsDenied, RequestsHeld, RequestsRejected];
    validation = await service.speakAs('validation', decided, async (contract, body) => {
      if (contract.name !== RequestsSubmitted.name) return;
      heard.push(...(body as RequestsSubmittedBody).requests.map(({ requestId }) => requestId));
    });
    payout = await service.speakAs('payout', [PayoutsScheduled]);
    remittance = await service.speakAs('remittance', [RemittancesPosted]);
  });

  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  const say = (runtime: MessagingRuntime, contract: FactContract, body: object) =>
    runtime.work(async ({ outbox }) => outbox.add(contract, body));

  it('keeps count of what becomes of requests, in whatever order it is told', async () => {
    const { body } = await client.submit(aClaimFile({ claims: 6 }));
    const { submissionId } = await eventually(() => client.finished(body.submissionId));
    const requests = await client.get<RequestView[]>(`/requests?submissionId=${submissionId}`);
    const ids: string[] = requests.map(({ requestId }) => requestId);
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
    await eventually(async () => (await client.progress(submissionId)).paid === 1);
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
      requests: [{ requestId: rejected, claimId: 'C1-5', findings }],
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
      const now = await client.progress(submissionId);
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
    const report = await client.get(`/submissions/${submissionId}/report`);
    expect(report).toMatchObject({
      counts: { received: 6, approved: 3, held: 1, rejected: 1, denied: 1 },
      cents: { received: 6 * 150_50, rejected: 150_50 },
      paidCents: 3 * 120_40,
      rejections: [
        { claimId: 'C1-5', ruleId: 'npi.check-digit', loop: '2010AA', segment: 'NM1', element: 9 },
        { claimId: 'C1-5', ruleId: 'line.charge', loop: '2400', segment: 'SV1', element: 2 },
      ],
    });
    const csv = await client.text(`/submissions/${submissionId}/report?format=csv`);
    expect(csv.trim().split('\r\n')).toHaveLength(3);
    expect(
      (await client.get<RequestDetail>(`/requests/${reviewed}`)).history.map(({ status }) => status),
    ).toEqual(['submitted', 'held', 'decided']);

    await say(
      remittance,
      RemittancesPosted,
      aRemittance('reversal', [{ requestId: paid, claimId: 'C', outcome: 'reversed', paidCents: -120_40 }]),
    );
    await eventually(
      async () => (await client.get<RequestDetail>(`/requests/${paid}`)).status === 'reversed',
    );
    expect(await client.get(`/submissions/${submissionId}/report`)).toMatchObject({ paidCents: 2 * 120_40 });
  });

  it('takes one request by JSON once for each key', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => client.request(aRequest, 'key-1')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.requestId)).size).toBe(1);
    const { requestId, submissionId } = answers[0]!.body;
    await eventually(() => heard.includes(requestId));
    expect(await client.progress(submissionId)).toMatchObject({ status: 'parsed', received: 1 });
    expect(JSON.parse(await client.text(`/requests/${requestId}/source`))).toEqual(aRequest);

    expect(await client.request({ ...aRequest, claimId: 'other' }, 'key-1')).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key.reused' },
    });
    expect(await client.request(aRequest)).toMatchObject({
      status: 400,
      body: { code: 'idempotency-key.missing' },
    });
    expect(await client.request({ ...aRequest, billedCents: -1 }, 'key-2')).toMatchObject({
      status: 422,
      body: { code: 'request.unreadable', faults: [{ field: 'billedCents' }] },
    });
    const other = await client.request(aRequest, 'key-3');
    expect(other.body.requestId).not.toBe(requestId);
  });

  it.each([
    ['nothing', 'application/json', undefined, [400, 'request.empty']],
    ['a request sent as text', 'text/plain', JSON.stringify(aRequest), [415, 'media-type.unsupported']],
    ['half a JSON', 'application/json', '{"claimId":', [400, 'request.not-json']],
  ])('takes neither request nor key for %s', async (name, type, body, [status, code]) => {
    const headers = { 'content-type': type, 'idempotency-key': name };
    const refused = await fetch(`${service.url}/requests`, { method: 'POST', headers, body });
    expect([refused.status, await refused.json()]).toMatchObject([status, { code }]);
    expect(await client.request({ ...aRequest, claimId: `K${status}${name.length}` }, name)).toMatchObject({
      status: 202,
    });
  });

  it.each([
    ['is not JSON', '{"claimId":', 400],
    ['is an array', '[]', 422],
    ['is larger than one request can be', `"${'x'.repeat(1_200_000)}"`, 413],
  ])('refuses a request that %s', async (_, body, status) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'key-4' };
    const response = await fetch(`${service.url}/requests`, { method: 'POST', body, headers });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code: expect.any(String), message: expect.any(String) });
  });
});
