import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  PayeesChanged,
  PayoutsReturned,
  RequestsApproved,
  RequestsDenied,
  RequestsHeld,
  RequestsRejected,
  RequestsSubmitted,
  type BodyOf,
  type FactContract,
  type SubmittedRequest,
} from '@remitflow/contracts';
import { cents, generateSealingKeys, plainDate, uuidV7 } from '@remitflow/kernel';
import type { MessagingRuntime } from '@remitflow/messaging';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { aLine, aRequest, npiOf } from '../domain/payment-request.builder.ts';
import { validation, ValidationModule } from '../validation.module.ts';

const environment = {
  SEAL_PUBLIC_KEY: generateSealingKeys().publicKey,
  ACCOUNT_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
  ACCOUNT_INDEX_KEY: Buffer.alloc(32, 9).toString('base64'),
};

const [percentNpi, feeNpi, nothingNpi, frozenNpi] = [npiOf(1), npiOf(2), npiOf(3), npiOf(4)] as [
  string,
  string,
  string,
  string,
];

type Heard = { contract: FactContract; body: object; correlationId: string };

describe('validation', () => {
  let service: TestService;
  let intake: MessagingRuntime;
  let payout: MessagingRuntime;
  const heard: Heard[] = [];
  let place = 0;

  beforeAll(async () => {
    service = await openTestService({ definition: validation, module: ValidationModule }, environment);
    const listen = async (
      contract: FactContract,
      body: object,
      { envelope }: { envelope: { correlationId: string } },
    ) => {
      heard.push({ contract, body, correlationId: envelope.correlationId });
    };
    intake = await service.speakAs('intake', [RequestsSubmitted], listen);
    payout = await service.speakAs('payout', [PayoutsReturned], async (contract, body, unit) => {
      if (contract === PayeesChanged) await listen(contract, body, unit);
    });
    await put('/fee-schedules/standard', { fees: [{ procedure: '99213', amountCents: 90_00 }] });
    const imported = await importCsv(
      [
        'npi,tax_id,name,routing,account,pricing,percent,fee_schedule',
        `${percentNpi},12-3456789,"Elm Street, PLLC",021000021,5550001,,,`,
        `${feeNpi},123456789,Oak Clinic,021000021,5550002,fee-schedule,,standard`,
        `${nothingNpi},123456789,Ash Clinic,021000021,5550003,percent,0,`,
        `${frozenNpi},123456789,Yew Clinic,021000021,5550004,percent,50.25,`,
      ].join('\r\n'),
    );
    expect(imported).toMatchObject({ imported: 4, changed: 4, refused: [] });
  }, 60_000);

  afterAll(() => service.close(), 30_000);

  beforeEach(() => {
    heard.length = 0;
  });

  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> & unknown[] };
  };
  const get = async (path: string) => (await call('GET', path)).body;
  const put = (path: string, body: unknown) => call('PUT', path, body);
  const importCsv = async (csv: string) => {
    const response = await fetch(`${service.url}/payees/import`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: csv,
    });
    return (await response.json()) as Record<string, unknown>;
  };

  /** A visit like no other: its own request, claim and member. */
  const aVisit = (change: Parameters<typeof aRequest>[0] = {}): SubmittedRequest => {
    place += 1;
    const request = aRequest({
      requestId: uuidV7(),
      claimId: `PCN-${place}`,
      billingProvider: { npi: percentNpi, taxId: '123456789' },
      subscriber: { memberId: `M${place}`, lastName: 'Needleson' },
      ...change,
    });
    return { ...request, diagnoses: ['J069'] } as unknown as SubmittedRequest;
  };
  const submit = async (requests: SubmittedRequest[], submissionId = uuidV7()): Promise<string> => {
    const body = { submissionId, part: 1, receivedOn: '2026-11-22', requests };
    await intake.work(async ({ outbox }) =>
      outbox.add(RequestsSubmitted, body, { correlationId: submissionId }),
    );
    return submissionId;
  };
  const saying = <Contract extends FactContract>(contract: Contract) =>
    eventually(() => {
      const fact = heard.find((one) => one.contract === contract);
      return fact && { body: fact.body as BodyOf<Contract>, correlationId: fact.correlationId };
    });

  it('approves what is in order, at the price of the contract', async () => {
    const visit = aVisit();
    const submissionId = await submit([visit]);
    const { body, correlationId } = await saying(RequestsApproved);
    expect(correlationId).toBe(submissionId);
    expect(body.requests).toMatchObject([
      {
        requestId: visit.requestId,
        billedCents: 125_00,
        paidCents: 100_00,
        lines: [{ paidCents: 100_00, adjustments: [{ group: 'CO', reason: '45', amountCents: 25_00 }] }],
      },
    ]);
    expect(await get(`/decisions/${visit.requestId}`)).toMatchObject({
      outcome: 'approved',
      paidCents: 100_00,
    });
  });

  it('prices by the fee schedule, and pays nothing for what it does not name', async () => {
    const lines = [
      aLine({ units: '1' }),
      aLine({ lineNumber: 2, lineControl: 'L2', procedure: 'X0000', chargeCents: cents(10_00) }),
    ];
    await submit([aVisit({ billingProvider: { npi: feeNpi }, lines, billedCents: cents(135_00) })]);
    const { body } = await saying(RequestsApproved);
    expect(body.requests[0]!.lines).toMatchObject([
      { paidCents: 90_00, adjustments: [{ reason: '45', amountCents: 35_00 }] },
      { paidCents: 0, adjustments: [{ reason: '256', amountCents: 10_00 }] },
    ]);
  });

  it('denies what the contract pays nothing for', async () => {
    await submit([aVisit({ billingProvider: { npi: nothingNpi } })]);
    const { body } = await saying(RequestsDenied);
    expect(body.requests).toMatchObject([{ paidCents: 0, billedCents: 125_00 }]);
  });

  it('tells everything that is wrong with a request at once', async () => {
    const wrong = aVisit({
      claimId: 'A-CLAIM-ID-LONGER-THAN-TWENTY',
      billingProvider: { npi: percentNpi, taxId: '987654321' },
      subscriber: {},
      billedCents: cents(99_00),
      lines: [
        aLine({ units: '0', serviceFrom: plainDate('2027-01-01'), serviceTo: plainDate('2027-01-01') }),
      ],
      faults: [{ code: 'claim.diagnosis', message: 'The diagnosis code is missing.' }],
    });
    await submit([wrong, aVisit({ billingProvider: { npi: '1234567890' } })]);
    const { body } = await saying(RequestsRejected);
    expect(body.requests[0]!.findings.map(({ ruleId }) => ruleId)).toEqual([
      'format.claim.diagnosis',
      'claim.id-length',
      'member.id-missing',
      'payee.tax-id',
      'amount.lines-sum',
      'line.units',
      'date.future',
    ]);
    expect(body.requests[1]!.findings.map(({ ruleId }) => ruleId)).toEqual(['npi.check-digit']);
  });

  it('pays the same bill once, and names the first', async () => {
    const first = aVisit({ claimId: 'FIRST' });
    const submissionId = await submit([first]);
    await saying(RequestsApproved);
    const again = { ...first, requestId: uuidV7(), claimId: 'AGAIN' };
    await submit([again, { ...again, requestId: uuidV7() }]);
    const { body } = await saying(RequestsRejected);
    expect(body.requests.map(({ findings }) => findings)).toMatchObject(
      [1, 2].map(() => [
        {
          ruleId: 'claim.duplicate',
          duplicateOf: first.requestId,
          message: expect.stringContaining('FIRST'),
        },
      ]),
    );
    expect(body.requests[0]!.findings[0]!.message).toContain(submissionId);
    expect(heard.filter(({ contract }) => contract === RequestsApproved)).toHaveLength(1);
  });

  it('pays the first of two alike in one message', async () => {
    const visit = aVisit();
    const twin = { ...visit, requestId: uuidV7(), position: 2 };
    await submit([visit, twin]);
    const rejected = await saying(RequestsRejected);
    const approved = await saying(RequestsApproved);
    expect(approved.body.requests.map(({ requestId }) => requestId)).toEqual([visit.requestId]);
    expect(rejected.body.requests).toMatchObject([
      { requestId: twin.requestId, findings: [{ duplicateOf: visit.requestId }] },
    ]);
  });

  it('lets a claim come again after it was rejected, under the same claim id', async () => {
    const visit = aVisit({ billedCents: cents(1_00) });
    await submit([visit]);
    await saying(RequestsRejected);
    await submit([{ ...visit, requestId: uuidV7(), billedCents: 125_00 }]);
    expect((await saying(RequestsApproved)).body.requests).toHaveLength(1);
  });

  it('decides a request once, also when it is said again under another message id', async () => {
    const visit = aVisit();
    await submit([visit]);
    await saying(RequestsApproved);
    const other = aVisit();
    const submissionId = await submit([visit, other]);
    await eventually(() => heard.length === 2);
    expect(heard[1]).toMatchObject({ body: { submissionId, requests: [{ requestId: other.requestId }] } });
  });

  describe('a claim over the limit', () => {
    const large = { billedCents: cents(20_000_00), lines: [aLine({ chargeCents: cents(20_000_00) })] };
    const hold = async (change: Parameters<typeof aVisit>[0] = {}) => {
      const visit = aVisit({ ...large, ...change });
      const submissionId = await submit([visit]);
      await saying(RequestsHeld);
      heard.length = 0;
      return { visit, submissionId };
    };
    const decide = ({ requestId }: { requestId: string }, decision: string, note = 'Checked by phone.') =>
      call('POST', `/reviews/${requestId}/decision`, { decision, note, reviewer: 'pat' });

    it('waits for a person, and is approved or denied once', async () => {
      const { visit, submissionId } = await hold();
      expect(await get('/reviews')).toMatchObject([
        {
          requestId: visit.requestId,
          billedCents: 20_000_00,
          allowedCents: 16_000_00,
          payeeName: 'Elm Street, PLLC',
        },
      ]);
      const answers = await Promise.all([decide(visit, 'approve'), decide(visit, 'deny')]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      await eventually(() => heard.length === 1);
      expect(heard[0]).toMatchObject({
        correlationId: submissionId,
        body: { submissionId, requests: [{ review: { reviewer: 'pat', note: 'Checked by phone.' } }] },
      });
      expect(await get('/reviews')).toEqual([]);
      expect(await get(`/decisions/${visit.requestId}`)).toMatchObject({
        review: { reviewer: 'pat', reviewedAt: expect.any(String) },
      });
      expect(await service.database.query(`select 1 from decisions where held is not null`)).toEqual([]);
    });

    it('can be denied: explained, and paid nothing', async () => {
      const { visit } = await hold();
      expect((await decide(visit, 'deny')).body).toEqual({ requestId: visit.requestId, outcome: 'denied' });
      const { body } = await saying(RequestsDenied);
      expect(body.requests).toMatchObject([
        { paidCents: 0, lines: [{ paidCents: 0, adjustments: [{ reason: '256' }] }] },
      ]);
    });

    it('can be rejected, and then come again', async () => {
      const { visit } = await hold();
      await decide(visit, 'reject', 'Send the operative report.');
      const { body } = await saying(RequestsRejected);
      expect(body.requests).toMatchObject([
        { findings: [{ ruleId: 'review.rejected', message: 'Send the operative report.' }] },
      ]);
      await submit([{ ...visit, requestId: uuidV7() }]);
      const again = await saying(RequestsHeld);
      await decide(again.body.requests[0]!, 'deny');
    });

    it('needs a note, a known request and a known decision', async () => {
      const { visit } = await hold();
      expect((await decide(visit, 'approve', '   ')).status).toBe(400);
      expect((await decide(visit, 'forget')).status).toBe(400);
      expect((await decide({ requestId: uuidV7() }, 'approve')).status).toBe(404);
      expect((await decide(visit, 'deny')).status).toBe(200);
    });

    it('needs no reviewer: one that is not named is unknown', async () => {
      const { visit } = await hold();
      const answer = await call('POST', `/reviews/${visit.requestId}/decision`, {
        decision: 'deny',
        note: 'Checked by phone.',
      });
      expect(answer.status).toBe(200);
      const { body } = await saying(RequestsDenied);
      expect(body.requests).toMatchObject([{ review: { reviewer: 'unknown' } }]);
    });

    it('is not approved for an account that was frozen meanwhile', async () => {
      const { visit } = await hold({ billingProvider: { npi: frozenNpi } });
      const { payeeId, account } = await payeeOf(frozenNpi);
      await sayReturned({ payeeId, accountId: account.accountId });
      const { body } = await saying(PayeesChanged);
      expect(body.payees).toMatchObject([{ npi: frozenNpi, version: 2, account: { status: 'suspended' } }]);
      expect(await decide(visit, 'approve')).toMatchObject({
        status: 422,
        body: { code: 'review.payee-not-payable' },
      });

      await submit([aVisit({ billingProvider: { npi: frozenNpi } })]);
      const rejected = await saying(RequestsRejected);
      expect(rejected.body.requests[0]!.findings).toMatchObject([{ ruleId: 'account.active' }]);

      expect((await call('POST', `/payees/${payeeId}/account/release`)).body).toMatchObject({
        account: { status: 'active' },
      });
      expect((await decide(visit, 'approve')).status).toBe(200);
    });
  });

  const payeeOf = async (npi: string) => {
    const [payee] = await get(`/payees?npi=${npi}`);
    return payee as { payeeId: string; version: number; account: { accountId: string; status: string } };
  };
  const sayReturned = (of: { payeeId: string; accountId: string }) =>
    payout.work(async ({ outbox }) =>
      outbox.add(PayoutsReturned, {
        payments: [
          {
            ...of,
            paymentId: uuidV7(),
            amountCents: 1,
            returnCode: 'R03',
            reason: 'No account',
            consequence: 'freeze-account',
            returnedOn: '2026-11-22',
            traceNumber: '091000010000001',
          },
        ],
      }),
    );
});
