import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateSealingKeys, plainDate, uuidV7 } from '@remitflow/kernel';
import { messageTables } from '@remitflow/messaging';
import { Database, readMigrations, type Transaction } from '@remitflow/persistence';
import { openTestDatabase, RecordingOutbox, type TestDatabase } from '@remitflow/testing';
import type { TakenBill } from '../domain/taken-bill.ts';
import { AccountVault } from './account-vault.gateway.ts';
import { DecisionView } from './decision-view.store.ts';
import { openWork, type Work } from './work.ts';

type Plan = {
  'Node Type': string;
  'Relation Name'?: string;
  'Conflict Arbiter Indexes'?: string[];
  Plans?: Plan[];
};

const rows = 100_000;
const vault = new AccountVault({
  sealPublicKey: generateSealingKeys().publicKey,
  accountKeys: `1:${Buffer.alloc(32, 7).toString('base64')}`,
  accountIndexKey: Buffer.alloc(32, 9).toString('base64'),
});

/** Tables as they are after a while: bills and decisions of several months, and of before months were kept. */
describe('with large tables', () => {
  let opened: TestDatabase;
  let large: ReadonlySet<string>;

  beforeAll(async () => {
    const folder = join(import.meta.dirname, '../migrations');
    opened = await openTestDatabase([...messageTables(), ...readMigrations('validation', folder)]);
    await opened.database.query(
      `insert into bill_history (served_on, bill_key, request_id, submission_id, claim_id)
       select case when n % 3 = 0 then date '0001-01-01' else current_date - n % 90 end,
              substring(sha256(n::text::bytea) for 16), gen_random_uuid(), gen_random_uuid(), 'H' || n
       from generate_series(1, ${2 * rows}) as n`,
    );
    await opened.database.query(
      `insert into decisions (received_on, request_id, submission_id, claim_id, outcome, rules_version, held)
       select case when n % 3 = 0 then date '0001-01-01' else current_date - n % 30 end, gen_random_uuid(),
              gen_random_uuid(), 'H' || n, case when n % 5000 = 0 then 'held' else 'approved' end, '1',
              case when n % 5000 = 0 then '{}'::jsonb end
       from generate_series(1, ${2 * rows}) as n`,
    );
    await opened.database.query(
      `insert into payees (payee_id, npi, tax_id, name, account_id)
       select md5('payee' || n)::uuid, 'N' || n, '1', 'P', md5('account' || n)::uuid from generate_series(1, ${rows}) as n`,
    );
    await opened.database.query(
      `insert into accounts (account_id, payee_id, routing_number, account_type, number_encrypted, number_index, last_digits)
       select account_id, payee_id, '021000021', 'checking', '', '', '' from payees`,
    );
    await opened.database.query(
      `insert into contracts (contract_id, payee_id, effective_from, basis_points)
       select gen_random_uuid(), payee_id, '2020-01-01', 8000 from payees`,
    );
    await opened.database.query('analyze');
    const grown = await opened.database.query<{ name: string }>(
      `select relname as name from pg_class where relkind = 'r' and reltuples >= 1000`,
    );
    large = new Set(grown.map(({ name }) => name));
    expect(large.size).toBeGreaterThan(8);
  }, 180_000);

  afterAll(() => opened.drop(), 60_000);

  it.each<[string, (work: Work) => Promise<unknown>]>([
    ['bills are added', ({ bills }) => bills.add(someBills('added'))],
    ['decisions are added', ({ decisions }) => decisions.add(submission, someDecisions())],
    ['bills are taken', ({ bills }) => bills.take(someBills('new'))],
    ['bills that others had first are looked up', ({ bills }) => twice(() => bills.take(someBills('again')))],
    ['decisions are recorded', ({ decisions }) => decisions.record(submission, someDecisions())],
    ['requests are found decided', ({ decisions }) => decisions.alreadyDecided(submission, ids())],
    ['payees are read', ({ payees }) => payees.forNpis(['N1', 'N77', 'N99999'], ['99213'])],
    ['an account is suspended', ({ payees }) => payees.suspendAccounts([uuidV7()])],
    ['a held request is fetched', ({ decisions }) => decisions.hold(uuidV7())],
    ['a bill is given back', ({ bills }) => bills.release(uuidV7())],
  ])('no table is read from end to end when %s', async (_, perform) => {
    const plans = await plansOf(perform);
    expect(plans.length).toBeGreaterThan(0);
    expect(scannedWhole(plans)).toEqual([]);
  });

  it('the unique keys decide who was first', async () => {
    const taking = await plansOf(({ bills }) => bills.take(someBills('keys')));
    expect(taking.map((plan) => plan['Conflict Arbiter Indexes'])).toEqual([['bill_history_pkey']]);
    const recording = await plansOf(({ decisions }) => decisions.record(submission, someDecisions()));
    expect(recording.map((plan) => plan['Conflict Arbiter Indexes'])).toEqual([['decisions_pkey']]);
  });

  it('people find a decision, and what waits for them, by an index', async () => {
    const plans = await plansOf(async (_, database) => {
      const view = new DecisionView(database);
      await view.find(uuidV7());
      await view.waiting(100);
    });
    expect(scannedWhole(plans)).toEqual([]);
  });

  it('is told when an index is missing', async () => {
    await opened.database.query('drop index decisions_held');
    const plans = await plansOf((_, database) => new DecisionView(database).waiting(100));
    expect(scannedWhole(plans)).not.toEqual([]);
  });

  /** Large tables that are read from end to end; a month that has nothing yet costs nothing. */
  const scannedWhole = (plans: readonly Plan[]): string[] =>
    plans.flatMap(scanned).filter((name) => large.has(name));

  /** The plans of the statements of some work, each explained before it runs; nothing of it stays. */
  async function plansOf(perform: (work: Work, database: Database) => Promise<unknown>): Promise<Plan[]> {
    const plans: Plan[] = [];
    const undo = new Error('undo');
    const done = opened.database.transaction(async (tx) => {
      const explaining = explainingEach(tx, plans);
      const work = openWork({ tx: explaining, outbox: new RecordingOutbox() }, vault);
      await perform(work, explaining as unknown as Database);
      throw undo;
    });
    await expect(done).rejects.toBe(undo);
    return plans;
  }
});

function explainingEach(tx: Transaction, plans: Plan[]): Transaction {
  const explain = async (sql: string, parameters: readonly unknown[] = []): Promise<void> => {
    const [row] = await tx.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
      `explain (format json) ${sql}`,
      parameters,
    );
    plans.push(row!['QUERY PLAN'][0]!.Plan);
  };
  return {
    entities: tx.entities,
    query: async <Row extends object>(sql: string, parameters?: readonly unknown[]) => {
      await explain(sql, parameters);
      return tx.query<Row>(sql, parameters);
    },
    execute: async (sql, parameters) => {
      await explain(sql, parameters);
      return tx.execute(sql, parameters);
    },
  };
}

/** Which tables are read from end to end. */
const scanned = (plan: Plan): string[] => [
  ...(plan['Node Type'] === 'Seq Scan' ? [plan['Relation Name']!] : []),
  ...(plan.Plans ?? []).flatMap(scanned),
];

const submission = { submissionId: uuidV7(), receivedOn: plainDate(new Date().toISOString().slice(0, 10)) };

const ids = (): string[] => Array.from({ length: 500 }, () => uuidV7());

const someBills = (name: string): TakenBill[] =>
  ids().map((requestId, place) => ({
    bill: { identity: `${name} ${place}`, servedOn: submission.receivedOn },
    requestId,
    submissionId: submission.submissionId,
    claimId: `C${place}`,
  }));

const someDecisions = () =>
  ids().map((requestId) => ({ requestId, claimId: 'C', outcome: 'rejected' as const, findings: [] }));

const twice = async (perform: () => Promise<unknown>): Promise<void> => {
  await perform();
  await perform();
};
