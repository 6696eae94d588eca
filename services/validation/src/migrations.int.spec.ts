import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestsApproved, RequestsRejected, type SubmittedRequest } from '@remitflow/contracts';
import { cents, generateSealingKeys, uuidV7 } from '@remitflow/kernel';
import { messageTables } from '@remitflow/messaging';
import { migrate, readMigrations } from '@remitflow/persistence';
import { openTestDatabase, RecordingOutbox, type TestDatabase } from '@remitflow/testing';
import { billOf } from './domain/bill.ts';
import { aNpi, aRequest } from './domain/payment-request.builder.ts';
import { readRegistration } from './domain/payee-registration.ts';
import { AccountVault } from './outbound/account-vault.gateway.ts';
import { DecisionView } from './outbound/decision-view.store.ts';
import { openWork } from './outbound/work.ts';
import { decideReview } from './use-cases/decide-review.ts';
import { judgeRequests } from './use-cases/judge-requests.ts';
import { registerPayees } from './use-cases/register-payees.ts';

const vault = new AccountVault({
  sealPublicKey: generateSealingKeys().publicKey,
  accountKeys: `1:${Buffer.alloc(32, 7).toString('base64')}`,
  accountIndexKey: Buffer.alloc(32, 9).toString('base64'),
});
const policy = { reviewOverCents: cents(1_000_000) };
const steps = readMigrations('validation', join(import.meta.dirname, 'migrations'));

/** What an installation has on file whose decisions and bills were not kept by month yet. */
describe('decisions and bills of before they were kept by month', () => {
  let opened: TestDatabase;
  const [approved, held] = [aRequest({ requestId: uuidV7() }), anotherMember(uuidV7())] as const;

  beforeAll(async () => {
    opened = await openTestDatabase([...messageTables(), ...steps.slice(0, 2)]);
    for (const request of [approved, held])
      await keepAsBefore(request, request === held ? 'held' : 'approved');
    await migrate(opened.url, [...messageTables(), ...steps]);
    const cells = { npi: aNpi, tax_id: '123456789', name: 'Elm', routing: '021000021', account: '1234' };
    const read = readRegistration(cells, new Set());
    if (!read.ok) throw new Error('refused');
    await work((unit) => registerPayees(unit, [read.value]));
  }, 60_000);

  afterAll(() => opened.drop(), 30_000);

  it('a bill that was paid then is not paid again', async () => {
    const outbox = await judge({ ...approved, requestId: uuidV7() });
    const [rejected] = outbox.bodies(RequestsRejected)[0]!.requests;
    expect(rejected!.findings).toMatchObject([
      { ruleId: 'claim.duplicate', duplicateOf: approved.requestId },
    ]);
  });

  it('a request that was decided then is not decided again', async () => {
    const outbox = await judge({ ...approved, subscriber: { memberId: 'M-OTHER' } });
    expect(outbox.said).toEqual([]);
    const kept = await opened.database.query(`select 1 from bill_history`);
    expect(kept).toHaveLength(2);
  });

  it('is shown with its lines', async () => {
    const found = await new DecisionView(opened.database).find(approved.requestId);
    expect(found).toMatchObject({ outcome: 'approved', findings: [], lines: [{ paidCents: 100_00 }] });
  });

  it('gives its bill back when a person rejects it, and the bill may come again', async () => {
    const command = { requestId: held.requestId, reviewer: 'pat', note: 'No.', reviewedAt: new Date() };
    await work((unit) => decideReview(unit, { ...command, decision: 'reject' }));
    const outbox = await judge({ ...held, requestId: uuidV7() });
    expect(outbox.bodies(RequestsApproved)).toHaveLength(1);
  });

  function work<T>(perform: (unit: ReturnType<typeof openWork>) => Promise<T>): Promise<T> {
    return opened.database.transaction((tx) =>
      perform(openWork({ tx, outbox: new RecordingOutbox() }, vault)),
    );
  }

  async function judge(request: ReturnType<typeof aRequest>): Promise<RecordingOutbox> {
    const outbox = new RecordingOutbox();
    const requests = [{ ...request, diagnoses: [] } as unknown as SubmittedRequest];
    const body = { submissionId: uuidV7(), part: 1, receivedOn: '2026-11-22', requests };
    await opened.database.transaction((tx) => judgeRequests(openWork({ tx, outbox }, vault), body, policy));
    return outbox;
  }

  async function keepAsBefore(request: ReturnType<typeof aRequest>, outcome: string): Promise<void> {
    const key = createHash('sha256').update(billOf(request).identity, 'utf8').digest();
    const submissionId = uuidV7();
    await opened.database.query(`insert into bill_history values ($1, $2, $3, $4)`, [
      key,
      request.requestId,
      submissionId,
      request.claimId,
    ]);
    const lines = [{ lineNumber: 1, paidCents: 100_00, adjustments: [], chargeCents: 125_00 }];
    const decided = { ...request, payeeId: uuidV7(), paidCents: 100_00, lines };
    await opened.database.query(
      `insert into decisions (request_id, submission_id, claim_id, outcome, rules_version, billed_cents, paid_cents,
                              findings, lines, bill_key, held)
       values ($1, $2, $3, $4, '1', 12500, 10000, '[]', $5::jsonb, $6, $7::jsonb)`,
      [
        request.requestId,
        submissionId,
        request.claimId,
        outcome,
        JSON.stringify(lines),
        key,
        outcome === 'held' ? JSON.stringify(decided) : null,
      ],
    );
  }
});

function anotherMember(requestId: string): ReturnType<typeof aRequest> {
  return aRequest({ requestId, subscriber: { memberId: 'M200' }, claimId: 'PCN-2' });
}
