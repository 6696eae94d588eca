import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  RequestsApproved,
  RequestsRejected,
  type RequestsSubmittedBody,
  type SubmittedRequest,
} from '@remitflow/contracts';
import { cents, generateSealingKeys, uuidV7 } from '@remitflow/kernel';
import { messageTables, type Outbox } from '@remitflow/messaging';
import { readMigrations, type Transaction } from '@remitflow/persistence';
import { openTestDatabase, RecordingOutbox, eventually, type TestDatabase } from '@remitflow/testing';
import { aRequest, npiOf } from '../domain/payment-request.builder.ts';
import { readRegistration } from '../domain/payee-registration.ts';
import { AccountVault } from '../outbound/account-vault.gateway.ts';
import { openWork } from '../outbound/work.ts';
import { judgeRequests } from './judge-requests.ts';
import { registerPayees } from './register-payees.ts';

const vault = new AccountVault({
  sealPublicKey: generateSealingKeys().publicKey,
  accountKeys: `1:${Buffer.alloc(32, 7).toString('base64')}`,
  accountIndexKey: Buffer.alloc(32, 9).toString('base64'),
});
/** Counting is about the database: checking what is said has its own specs. */
const silence: Outbox = { add: () => '' };
const policy = { reviewOverCents: cents(1_000_000) };
const everythingHeld = { reviewOverCents: cents(0) };
const npis = Array.from({ length: 500 }, (_, place) => npiOf(place));

describe('judging a message', () => {
  let opened: TestDatabase;

  beforeAll(async () => {
    const folder = join(import.meta.dirname, '../migrations');
    opened = await openTestDatabase([...messageTables(), ...readMigrations('validation', folder)]);
    await opened.database.transaction((tx) =>
      registerPayees(openWork({ tx, outbox: new RecordingOutbox() }, vault), npis.map(registrationOf)),
    );
  }, 60_000);

  afterAll(() => opened.drop(), 30_000);

  it('costs as many statements for 500 requests as for one', async () => {
    const one = await statementsFor(aMessage(1));
    expect(await statementsFor(aMessage(500))).toBe(one);
    expect(one).toBe(4);
    const repeated = aMessage(500);
    await statementsFor(repeated);
    const copies = {
      ...repeated,
      requests: repeated.requests.map((request) => ({ ...request, requestId: uuidV7() })),
    };
    expect(await statementsFor(copies)).toBe(one + 4); // the short way there and back, and who was first
  }, 60_000);

  it('takes what is new of a message in which some bills and some requests are not', async () => {
    const before = aMessage(20);
    await statementsFor(before);
    const [decided, again] = [before.requests.slice(0, 3), before.requests.slice(3, 10)];
    const copies = again.map((request) => ({ ...request, requestId: uuidV7() }));
    const news = aMessage(30).requests.map((request) => ({ ...request, claimId: 'A "new\\" one' }));
    const requests = [...news, ...copies, ...decided];
    const outbox = new RecordingOutbox();
    await opened.database.transaction((tx) =>
      judgeRequests(openWork({ tx, outbox }, vault), { ...before, requests }, policy),
    );
    const idsOf = (list: readonly { requestId: string }[]) => new Set(list.map(({ requestId }) => requestId));
    expect(idsOf(outbox.bodies(RequestsApproved)[0]!.requests)).toEqual(idsOf(news));
    expect(idsOf(outbox.bodies(RequestsRejected)[0]!.requests)).toEqual(idsOf(copies));
    const kept = (sql: string) => opened.database.query<{ rows: string }>(sql, [before.submissionId]);
    expect(await kept(`select count(*) as rows from bill_history where submission_id = $1`)).toEqual([
      { rows: '50' },
    ]);
    expect(
      await kept(
        `select outcome, count(*) as rows, count(distinct payee_id) as payees, count(contract_id) as contracts,
                count(*) filter (where claim_id = 'A "new\\" one') as named
         from decisions where submission_id = $1 group by 1 order by 1`,
      ),
    ).toEqual([
      { outcome: 'approved', rows: '50', payees: '30', contracts: '50', named: '30' },
      { outcome: 'rejected', rows: '7', payees: '0', contracts: '0', named: '0' },
    ]);
  }, 60_000);

  it('takes a bill once, whoever else takes it at the same moment', async () => {
    const first = aMessage(50);
    const second = {
      ...aMessage(0),
      requests: first.requests.map((one) => ({ ...one, requestId: uuidV7() })).reverse(),
    };
    const [firstOutbox, secondOutbox] = [new RecordingOutbox(), new RecordingOutbox()];
    let isSecondUnderWay: Promise<void> | undefined;
    await opened.database.transaction(async (tx) => {
      await judgeRequests(openWork({ tx, outbox: firstOutbox }, vault), first, policy);
      isSecondUnderWay = opened.database.transaction((other) =>
        judgeRequests(openWork({ tx: other, outbox: secondOutbox }, vault), second, policy),
      );
      await eventually(async () => (await waitingForLocks()) > 0);
    });
    await isSecondUnderWay;
    expect(firstOutbox.bodies(RequestsApproved)[0]!.requests).toHaveLength(50);
    expect(secondOutbox.bodies(RequestsApproved)).toEqual([]);
    const rejected = secondOutbox.bodies(RequestsRejected)[0]!.requests;
    const named = new Set(rejected.map(({ findings }) => findings[0]!.duplicateOf));
    expect(named).toEqual(new Set(first.requests.map(({ requestId }) => requestId)));
  }, 60_000);

  it('does not approve a bill without its key when a reviewer gives the key back meanwhile', async () => {
    const held = aMessage(1);
    await opened.database.transaction((tx) =>
      judgeRequests(openWork({ tx, outbox: new RecordingOutbox() }, vault), held, everythingHeld),
    );
    const [{ requestId }] = held.requests as [SubmittedRequest];
    const copy = { ...aMessage(0), requests: [{ ...held.requests[0]!, requestId: uuidV7() }] };
    const outbox = new RecordingOutbox();
    const judging = opened.database.transaction((tx) => {
      const interrupted: Transaction = {
        ...tx,
        execute: async (sql, parameters) => {
          const count = await tx.execute(sql, parameters);
          if (sql.includes('insert into bill_history')) await release(requestId);
          return count;
        },
      };
      return judgeRequests(openWork({ tx: interrupted, outbox }, vault), copy, policy);
    });
    await expect(judging).rejects.toMatchObject({ code: 'bill.raced' });
    expect(outbox.bodies(RequestsApproved)).toEqual([]);
    await opened.database.transaction((tx) => judgeRequests(openWork({ tx, outbox }, vault), copy, policy));
    expect(outbox.bodies(RequestsApproved)).toHaveLength(1);
    expect(
      await opened.database.query(`select 1 from bill_history where request_id = $1`, [
        copy.requests[0]!.requestId,
      ]),
    ).toHaveLength(1);
  }, 60_000);

  const release = (requestId: string): Promise<void> =>
    opened.database.transaction((tx) =>
      openWork({ tx, outbox: new RecordingOutbox() }, vault).bills.release(requestId),
    );

  const waitingForLocks = async (): Promise<number> =>
    (
      await opened.database.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
    ).length;

  const statementsFor = async (body: RequestsSubmittedBody): Promise<number> => {
    let count = 0;
    await opened.database.transaction(async (tx) => {
      const counting: Transaction = {
        entities: tx.entities,
        query: (sql, parameters) => ((count += 1), tx.query(sql, parameters)),
        execute: (sql, parameters) => ((count += 1), tx.execute(sql, parameters)),
      };
      await judgeRequests(openWork({ tx: counting, outbox: silence }, vault), body, policy);
    });
    return count;
  };
});

const registrationOf = (npi: string) => {
  const cells = { npi, tax_id: '123456789', name: `Payee ${npi}`, routing: '021000021', account: '1234' };
  const read = readRegistration(cells, new Set());
  if (!read.ok) throw new Error('refused');
  return read.value;
};

/** As many visits of as many payees, each of a member of its own. */
const aMessage = (size: number): RequestsSubmittedBody => ({
  submissionId: uuidV7(),
  part: 1,
  receivedOn: '2026-11-22',
  requests: Array.from({ length: size }, (_, place) => {
    const request = aRequest({
      requestId: uuidV7(),
      claimId: `PCN-${place}`,
      billingProvider: { npi: npis[place]! },
      subscriber: { memberId: uuidV7() },
    });
    return { ...request, diagnoses: [] } as unknown as SubmittedRequest;
  }),
});
