import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { PayoutsScheduled, RemittancesPosted, type FactContract } from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import type { RequestDetail, RequestView } from '../domain/request-view.ts';
import type { RequestStatus } from '../domain/status.ts';
import { intake, IntakeModule } from '../intake.module.ts';
import type { Outcome } from '../domain/outcome-groups.ts';
import { aClaimFile } from './claim-file.builder.ts';
import { Client } from './client.builder.ts';
import { EdgeNeeds } from './edge-needs.ts';
import { aRemittance } from './facts.builder.ts';

jest.setTimeout(120_000);

describe('a payment that was returned and issued again', () => {
  let service: TestService;
  let client: Client;
  let edge: EdgeNeeds;
  let number = 1;
  const folder = mkdtempSync(join(tmpdir(), 'intake-'));

  beforeAll(async () => {
    const environment = { RAW_FILES_DIR: folder, PARTS_AHEAD_MAX: '1000' }; // nobody validates here
    service = await openTestService({ definition: intake, module: IntakeModule }, environment);
    client = new Client(service.url);
    edge = service.app.get(EdgeNeeds);
  });

  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  const submitted = async (claims: number) => {
    const { body } = await client.submit(aClaimFile({ claims, number: number++ }));
    await eventually(() => client.finished(body.submissionId));
    const list = await client.get<RequestView[]>(`/requests?submissionId=${body.submissionId}&limit=1000`);
    return { submissionId: body.submissionId, ids: list.map(({ requestId }) => requestId) };
  };

  type Told = Omit<Outcome, 'requestId'>;
  const payment = (cents: number) => {
    const paymentId = uuidV7();
    const told = (status: RequestStatus, paidCents: number): Told => ({ paymentId, status, paidCents });
    return { scheduled: told('scheduled', cents), paid: told('paid', cents), reversed: told('reversed', 0) };
  };
  const approved: Told = { status: 'approved', paidCents: 100_00 };
  const [first, second, third] = [payment(100_00), payment(90_00), payment(80_00)];
  const life = [approved, first.scheduled, first.paid, first.reversed];

  it.each([
    ['paid', 90_00, [...life, second.scheduled, second.paid]],
    ['scheduled', 90_00, [...life, second.scheduled]],
    ['reversed', 0, [...life, second.scheduled, second.paid, second.reversed]],
    ['scheduled', 80_00, [approved, first.reversed, second.scheduled, second.reversed, third.scheduled]],
  ] as const)(
    'is %s in the end, with its %d cents, in whatever order it is told',
    async (status, cents, facts) => {
      const orders = permutations<Told>(facts).slice(0, 5_040);
      for (const some of chunksOf(orders, 1000)) {
        const { submissionId, ids } = await submitted(some.length);
        for (let step = 0; step < facts.length; step += 1) {
          const outcomes = ids.map((requestId, place) => ({ requestId, ...some[place]![step]! }));
          await edge.work((work) => work.outcomes.record(outcomes, edge.now()));
        }
        const rows = await service.database.query(
          `select distinct status, paid_cents::int as cents from requests where submission_id = $1`,
          [submissionId],
        );
        expect(rows).toEqual([{ status, cents }]);
        const counts = await service.database.query(
          `select status, requests::int as requests, paid_cents::int as cents from submission_counts
         where submission_id = $1 and (requests <> 0 or paid_cents <> 0)`,
          [submissionId],
        );
        expect(counts).toEqual([{ status, requests: some.length, cents: some.length * cents }]);
      }
    },
  );

  it('is told so by the facts', async () => {
    const payout = await service.speakAs('payout', [PayoutsScheduled]);
    const remittance = await service.speakAs('remittance', [RemittancesPosted]);
    const [requestId] = (await submitted(1)).ids as [string];
    const say = (speaker: typeof payout, contract: FactContract, body: object) =>
      speaker.work(async ({ outbox }) => outbox.add(contract, body));
    const schedule = (paymentId: string) =>
      say(payout, PayoutsScheduled, {
        cycleId: uuidV7(),
        requests: [{ requestId, paymentId, payeeId: uuidV7(), amountCents: 100_00 }],
      });
    const remit = (kind: string, paymentId: string, outcome: string, paidCents: number) =>
      say(remittance, RemittancesPosted, {
        ...aRemittance(kind, [{ requestId, claimId: 'C', outcome, paidCents }]),
        paymentId,
      });
    const becomes = (status: string, paidCents: number) =>
      eventually(async () => {
        const told = await client.get<RequestDetail>(`/requests/${requestId}`);
        return told.status === status && told.paidCents === paidCents;
      });
    const [old, again] = [uuidV7(), uuidV7()];
    await schedule(old);
    await becomes('scheduled', 100_00);
    await remit('payment', old, 'paid', 100_00);
    await becomes('paid', 100_00);
    await remit('reversal', old, 'reversed', -100_00);
    await becomes('reversed', 0);
    await schedule(again);
    await becomes('scheduled', 100_00);
    await remit('payment', again, 'paid', 100_00);
    await becomes('paid', 100_00);
  });
});

function permutations<T>(all: readonly T[]): T[][] {
  if (all.length === 0) return [[]];
  return all.flatMap((one, place) => permutations(all.toSpliced(place, 1)).map((rest) => [one, ...rest]));
}

const chunksOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, place) =>
    all.slice(place * size, (place + 1) * size),
  );
