import { createReadStream, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  PayeesChanged,
  PayoutsClosed,
  PayoutsReturned,
  PayoutsScheduled,
  PayoutsSent,
  PayoutsSettled,
  RemittancesPosted,
  RequestsApproved,
  RequestsDenied,
  type BodyOf,
  type DecidedRequest,
  type FactContract,
} from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import type { MessagingRuntime } from '@remitflow/messaging';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { readRemittances, type RemittanceEvent } from '@remitflow/x12';
import fc from 'fast-check';
import { remittance, RemittanceModule } from './remittance.module.ts';

type Said = { contract: FactContract; body: object };
type Read = Extract<RemittanceEvent, { kind: 'remittance' }>;

const folder = mkdtempSync(join(tmpdir(), 'remittance-'));
let service: TestService;
let validation: MessagingRuntime;
let payout: MessagingRuntime;
const posted: BodyOf<typeof RemittancesPosted>[] = [];

beforeAll(async () => {
  service = await openTestService(
    { definition: remittance, module: RemittanceModule },
    { REMITTANCES_DIR: folder },
  );
  validation = await service.speakAs('validation', [PayeesChanged, RequestsApproved, RequestsDenied]);
  payout = await service.speakAs('payout', [
    PayoutsScheduled,
    PayoutsSent,
    PayoutsClosed,
    PayoutsSettled,
    PayoutsReturned,
  ]);
  await service.speakAs('intake', [], async (contract, body) => {
    if (contract === RemittancesPosted) posted.push(body as BodyOf<typeof RemittancesPosted>);
  });
}, 60_000);

afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(`${service.url}${path}`)).json()) as T;
}

async function readBack(path: string): Promise<Read> {
  const events: RemittanceEvent[] = [];
  for await (const event of readRemittances(createReadStream(path))) events.push(event);
  expect(events.filter((event) => event.kind === 'problem')).toEqual([]);
  const sets = events.filter((event): event is Read => event.kind === 'remittance');
  expect(sets).toHaveLength(1);
  expect(sets[0]).toMatchObject({ balance: [], problems: [] });
  return sets[0]!;
}

let serial = 0;

/** A payee with requests, their payment and what payout says of it. */
function world(approved: number, denied = 0) {
  const [payeeId, submissionId, cycleId, paymentId] = [uuidV7(), uuidV7(), uuidV7(), uuidV7()];
  serial += 1;
  const decided = (position: number, isDenied: boolean): DecidedRequest => ({
    requestId: uuidV7(),
    position,
    kind: '837P',
    claimId: `CLAIM-${serial}-${position}`,
    frequency: '1',
    facilityCode: '11',
    payeeId,
    contractId: uuidV7(),
    rulesVersion: '1',
    subscriber: { memberId: `M${position}`, lastName: 'Doe', firstName: 'Zoë' },
    serviceFrom: '2026-11-02',
    serviceTo: '2026-11-03',
    receivedOn: '2026-11-20',
    billedCents: 15_000 + position,
    paidCents: isDenied ? 0 : 9_990 + position,
    lines: [
      {
        lineNumber: 1,
        lineControl: `L${position}`,
        procedureQualifier: 'HC',
        procedure: '99213',
        modifiers: ['25'],
        units: '2',
        serviceFrom: '2026-11-02',
        serviceTo: '2026-11-03',
        chargeCents: 10_000 + position,
        paidCents: isDenied ? 0 : 8_000 + position,
        adjustments: [
          { group: 'CO', reason: isDenied ? '96' : '45', amountCents: isDenied ? 10_000 + position : 2_000 },
        ],
      },
      {
        lineNumber: 2,
        procedureQualifier: 'HC',
        procedure: '36415',
        modifiers: [],
        serviceFrom: '2026-11-02',
        serviceTo: '2026-11-02',
        chargeCents: 5_000,
        paidCents: isDenied ? 0 : 1_990,
        adjustments: isDenied
          ? [{ group: 'CO', reason: '96', amountCents: 5_000 }]
          : [
              { group: 'CO', reason: '45', amountCents: 2_010 },
              { group: 'PR', reason: '2', amountCents: 1_000 },
            ],
      },
    ],
  });
  const paid = Array.from({ length: approved }, (_, index) => decided(index + 1, false));
  const refused = Array.from({ length: denied }, (_, index) => decided(approved + index + 1, true));
  const amountCents = paid.reduce((sum, request) => sum + request.paidCents, 0);
  const trnReference = `RF${String(Date.now()).slice(-6)}${String(serial).padStart(7, '0')}`;
  const said = <Contract extends FactContract>(contract: Contract, body: BodyOf<Contract>): Said => ({
    contract,
    body,
  });
  const halves = <T>(all: readonly T[]): T[][] =>
    [all.slice(0, Math.ceil(all.length / 2)), all.slice(Math.ceil(all.length / 2))].filter(
      (half) => half.length > 0,
    );
  const facts = [
    said(PayeesChanged, {
      payees: [
        {
          payeeId,
          version: 2,
          npi: '1234567893',
          taxId: '123456789',
          name: 'Gránd Clinic *~ LLC',
          status: 'active',
          address: { line1: '1 High St', city: 'Denver', state: 'CO', zip: '80202' },
        },
      ],
    }),
    ...halves(paid).map((requests) => said(RequestsApproved, { submissionId, requests })),
    ...halves(refused).map((requests) => said(RequestsDenied, { submissionId, requests })),
    ...halves(paid).map((requests) =>
      said(PayoutsScheduled, {
        cycleId,
        requests: requests.map(({ requestId, paidCents }) => ({
          requestId,
          paymentId,
          payeeId,
          amountCents: paidCents,
        })),
      }),
    ),
    ...(approved === 0
      ? []
      : [
          said(PayoutsSent, {
            cycleId,
            fileName: 'x.ach',
            effectiveDate: '2026-11-24',
            odfiRouting: '091000019',
            payments: [
              {
                paymentId,
                payeeId,
                accountId: uuidV7(),
                amountCents,
                requestCount: approved,
                traceNumber: '091000010000001',
                trnReference,
                routingNumber: '011000015',
                accountType: 'savings',
                lastDigits: '6789',
              },
            ],
          }),
        ]),
  ];
  const closed = said(PayoutsClosed, {
    cycleId,
    closedAt: '2026-11-22T21:00:00.000Z',
    payments: approved > 0 ? 1 : 0,
    amountCents,
  });
  const returned = said(PayoutsReturned, {
    payments: [
      {
        paymentId,
        payeeId,
        accountId: uuidV7(),
        amountCents,
        returnCode: 'R03',
        reason: 'No account',
        consequence: 'freeze-account',
        returnedOn: '2026-11-25',
        traceNumber: '091000010000001',
      },
    ],
  });
  return {
    payeeId,
    submissionId,
    cycleId,
    paymentId,
    paid,
    refused,
    amountCents,
    trnReference,
    facts,
    closed,
    returned,
  };
}

async function say(facts: readonly Said[]): Promise<void> {
  for (const { contract, body } of facts) {
    const speaker = contract.saidBy.includes('payout') ? payout : validation;
    await speaker.work(async ({ outbox }) => outbox.add(contract, body));
  }
}

type Cycle = { complete: boolean; posted: number; paidCents: number; files: string[] };
const completed = (cycleId: string): Promise<Cycle> =>
  eventually(async () => {
    const cycle = await get<Cycle>(`/cycles/${cycleId}`);
    return cycle.complete ? cycle : undefined;
  });

type Place = {
  remittanceId: string;
  kind: string;
  path: string;
  byteOffset: number;
  segmentOrdinal: number;
  paidCents: number;
};

describe('remittance', () => {
  it('writes one balanced 835 per payment, in whatever order the facts come', async () => {
    const orders = fc.record({
      approved: fc.integer({ min: 1, max: 7 }),
      seeds: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 }),
    });
    await fc.assert(
      fc.asyncProperty(orders, async ({ approved, seeds }) => {
        const { facts, closed, cycleId, paymentId, amountCents, trnReference, paid } = world(approved);
        const shuffled = [...facts, closed].map((fact, index) => ({
          fact,
          at: seeds[index % seeds.length]!,
        }));
        await say(shuffled.sort((a, b) => a.at - b.at).map(({ fact }) => fact));
        const { posted: count, paidCents, files } = await completed(cycleId);
        expect({ count, paidCents, files: files.length }).toEqual({
          count: 1,
          paidCents: amountCents,
          files: 1,
        });
        const { advice } = await readBack(files[0]!);
        expect(advice).toMatchObject({
          amountCents,
          traceNumber: trnReference,
          effectiveDate: '2026-11-24',
          method: 'ACH',
          payerTaxId: '841234567',
        });
        expect(advice.claims.map((claim) => [claim.claimId, claim.paidCents])).toEqual(
          paid.map((request) => [request.claimId, request.paidCents]),
        );
        await eventually(() => posted.some((body) => body.paymentId === paymentId));
      }),
      { numRuns: 12 },
    );
  }, 60_000);
});
