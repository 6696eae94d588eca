import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { uuidV7 } from '@remitflow/kernel';
import { messageTables } from '@remitflow/messaging';
import { readMigrations, type Transaction } from '@remitflow/persistence';
import { openTestDatabase } from '@remitflow/testing';
import fc from 'fast-check';
import { requestIdOf } from '../domain/request-id.ts';
import { rankOf, type RequestStatus } from '../domain/status.ts';
import { anyStepSql } from './outcome-steps.store.ts';
import { OutcomeStore } from './outcome.store.ts';
import { RequestStore } from './request.store.ts';
import { SubmissionStore } from './submission.store.ts';

jest.setTimeout(120_000);

const payments = [uuidV7(), uuidV7()];
/** Some lie close together, some far apart. */
const runs = [[1, 2, 3, 4], [100], [200, 201], [300]];
const positions = runs.flat();

let own: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  own = await openTestDatabase([
    ...messageTables(),
    ...readMigrations('intake', join(import.meta.dirname, '../migrations')),
  ]);
});

afterAll(() => own.drop());

type Told = { readonly status: RequestStatus; readonly payment: number; readonly of: readonly number[] };

const told = fc.record({
  status: fc.constantFrom<RequestStatus>(
    ...(['approved', 'denied', 'rejected', 'held', 'scheduled', 'paid', 'explained', 'reversed'] as const),
  ),
  payment: fc.integer({ min: 0, max: 1 }),
  of: fc.uniqueArray(fc.constantFrom(...positions), { minLength: 1 }),
});

it('plain steps end where the step for every case ends, whatever is told in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(told, { maxLength: 8 }), async (facts) => {
      const [plain, careful] = [await aSubmission(), await aSubmission()];
      for (const fact of facts) {
        await own.database.transaction((tx) =>
          new OutcomeStore(tx).record(
            fact.of.map((position) => ({
              requestId: requestIdOf(plain, position),
              status: fact.status,
              paidCents: centsOf(fact),
              ...(isOfPayment(fact) ? { paymentId: paymentOf(fact, position) } : {}),
            })),
            new Date(),
          ),
        );
        await own.database.transaction((tx) => carefully(tx, careful, fact));
      }
      expect(await stateOf(plain)).toEqual(await stateOf(careful));
    }),
    { numRuns: 100 },
  );
});

/** A denial is explained with a payment or without one. */
const isOfPayment = ({ status, payment }: Told): boolean =>
  status === 'explained' ? payment === 1 : rankOf[status] >= rankOf.scheduled;
/** What is far behind is of the other payment. */
const paymentOf = ({ payment }: Told, position: number): string =>
  payments[(payment + (position > 200 ? 1 : 0)) % payments.length]!;

const centsOf = ({ status }: Told): number | undefined => {
  if (status === 'held' || status === 'rejected') return undefined;
  return status === 'denied' || status === 'explained' ? 0 : 80;
};

async function aSubmission(): Promise<string> {
  const submissionId = uuidV7();
  await own.database.transaction(async (tx) => {
    await new SubmissionStore(tx).add({
      ...{ submissionId, door: 'file', format: 'csv', bytes: 1, path: submissionId, sha256: submissionId },
      receivedAt: new Date(),
    });
    for (const run of runs) {
      const part = run.map((position) => ({
        ...{ requestId: requestIdOf(submissionId, position), position, byteOffset: 0, byteLength: 1 },
        request: { ...nothing, claimId: `C${position}`, billedCents: 100 + position },
      }));
      await new RequestStore(tx).addAll(submissionId, part, new Date());
    }
  });
  return submissionId;
}

const nothing = {
  ...({ kind: 'csv', billingProvider: {}, subscriber: {} } as const),
  ...{ diagnoses: [], lines: [], faults: [] },
};

async function carefully(tx: Transaction, submissionId: string, fact: Told): Promise<void> {
  const sorted = fact.of.toSorted((a, b) => a - b);
  const ids = sorted.map((position) => requestIdOf(submissionId, position));
  await tx.query(anyStepSql, [
    ids,
    ids.map(() => centsOf(fact) ?? null),
    ...['-infinity', 'infinity', new Date()],
    sorted.map((position) => (isOfPayment(fact) ? paymentOf(fact, position) : null)),
    ...[fact.status, rankOf[fact.status], rankOf.reversed],
  ]);
}

async function stateOf(submissionId: string): Promise<object> {
  const of = [submissionId];
  return {
    requests: await own.database.query(
      `select position, rank, status, paid_cents, payment_id, payments, held_at is null as h, decided_at is null as d,
              scheduled_at is null as s, remitted_at is null as r
       from requests where submission_id = $1 order by position`,
      of,
    ),
    counts: await own.database.query(
      `select status, requests, billed_cents, paid_cents from submission_counts
       where submission_id = $1 and requests <> 0 order by status`,
      of,
    ),
  };
}
