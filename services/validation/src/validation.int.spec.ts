import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AccountsChangeNoticed,
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
import { cents, generateSealingKeys, openSeal, plainDate, uuidV7 } from '@remitflow/kernel';
import type { MessagingRuntime } from '@remitflow/messaging';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { aLine, aRequest, npiOf } from './domain/payment-request.builder.ts';
import { validation, ValidationModule } from './validation.module.ts';

const sealing = generateSealingKeys();
const environment = {
  SEAL_PUBLIC_KEY: sealing.publicKey,
  ACCOUNT_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
  ACCOUNT_INDEX_KEY: Buffer.alloc(32, 9).toString('base64'),
};

const [percentNpi, feeNpi, nothingNpi, frozenNpi] = [npiOf(1), npiOf(2), npiOf(3), npiOf(4)] as [
  string,
  string,
  string,
  string,
];
const needle = '90817263544';

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
    payout = await service.speakAs(
      'payout',
      [PayoutsReturned, AccountsChangeNoticed],
      async (contract, body, unit) => {
        if (contract === PayeesChanged) await listen(contract, body, unit);
      },
    );
    await put('/fee-schedules/standard', { fees: [{ procedure: '99213', amountCents: 90_00 }] });
    const imported = await importCsv(
      [
        'npi,tax_id,name,routing,account,pricing,percent,fee_schedule',
        `${percentNpi},12-3456789,"Elm Street, PLLC",021000021,${needle},,,`,
        `${feeNpi},123456789,Oak Clinic,021000021,5550002,fee-schedule,,standard`,
        `${nothingNpi},123456789,Ash Clinic,021000021,5550003,percent,0,`,
        `${frozenNpi},123456789,Yew Clinic,021000021,5550004,percent,50.25,`,
      ].join('\r\n'),
    );
    expect(imported).toMatchObject({ imported: 4, changed: 4, refused: [] });
  }, 60_000);

  afterAll(() => service.close());

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
    await eventually(
      async () =>
        (await service.database.query(`select 1 from decisions where outcome = 'denied'`)).length === 1,
    );
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
});
