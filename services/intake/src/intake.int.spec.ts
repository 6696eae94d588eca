import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestsSubmitted, type RequestsSubmittedBody } from '@remitflow/contracts';
import { cents, plainDate } from '@remitflow/kernel';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { writeClaims, type ClaimBatch, type OutgoingEnvelope } from '@remitflow/x12';
import { intake, IntakeModule } from './intake.module.ts';

describe('intake', () => {
  let service: TestService;
  const folder = mkdtempSync(join(tmpdir(), 'intake-'));
  const heard: RequestsSubmittedBody[] = [];

  beforeAll(async () => {
    service = await openTestService({ definition: intake, module: IntakeModule }, { RAW_FILES_DIR: folder });
    await service.speakAs('validation', [], async (contract, body) => {
      if (contract.name === RequestsSubmitted.name) heard.push(body as RequestsSubmittedBody);
    });
  }, 60_000);

  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  const submit = async (body: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${service.url}/submissions`, { method: 'POST', body, headers });
    return { status: response.status, body: (await response.json()) as Record<string, any> };
  };
  const get = async (path: string) => (await (await fetch(`${service.url}${path}`)).json()) as any;

  it('cuts a file of claims into facts', async () => {
    const accepted = await submit(aClaimFile({ claims: 1200 }), { 'content-type': 'application/edi-x12' });
    expect(accepted).toMatchObject({ status: 202, body: { status: 'received' } });
    const { submissionId } = accepted.body;
    const progress = await eventually(async () => {
      const told = await get(`/submissions/${submissionId}`);
      return told.status === 'parsed' && told;
    });
    expect(progress).toMatchObject({
      received: 1200,
      decided: 0,
      done: false,
      bytesRead: accepted.body.bytes,
    });
    await eventually(() => heard.length === 3);
    expect(heard.map(({ part }) => part)).toEqual([1, 2, 3]);
    const positions = heard.flatMap(({ requests }) => requests.map(({ position }) => position));
    expect(positions).toEqual(Array.from({ length: 1200 }, (_, index) => index + 1));
    expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
    expect(await get(`/submissions/${submissionId}/report`)).toMatchObject({
      counts: { received: 1200 },
      rejections: [],
    });
  });
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
