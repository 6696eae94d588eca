import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@remitflow/kernel';
import { dropTestDatabases, openTestBroker, testServers } from '@remitflow/testing';
import { readAdviceFile } from './advice-file.ts';
import { readBankFile } from './bank-file.ts';
import { eventually, openRemitflow, type Document, type Remitflow } from './remitflow.mjs';

/** The product from outside, one instance for the whole file: the specs follow each other like a day's work. */
describe('the whole way of a claim', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'remitflow-e2e-'));
  let broker: Awaited<ReturnType<typeof openTestBroker>>;
  let remitflow: Remitflow;
  let environment: NodeJS.ProcessEnv;
  let submitted: Document;
  let cycle: Document;
  const claimFile = join(stateDir, 'claims.837');

  beforeAll(async () => {
    await dropTestDatabases(serviceNames.map((service) => `remitflow_${service}`));
    broker = await openTestBroker();
    environment = { ...process.env, DATABASE_URL: testServers().postgresUrl, RABBITMQ_URL: broker.url };
    remitflow = openRemitflow(stateDir, environment);
    await remitflow.must('up', '--detach');
  }, 120_000);

  afterAll(async () => {
    await remitflow.run('down');
    await broker.drop();
    rmSync(stateDir, { recursive: true, force: true });
  }, 60_000);

  const savedAs = (name: string, text: string): string => {
    const file = join(stateDir, name);
    writeFileSync(file, text);
    return file;
  };

  const summed = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

  it('registers payees, and says which rows it refuses', async () => {
    const payees = join(stateDir, 'payees.csv');
    await remitflow.must('demo', 'payees', payees);
    expect(await remitflow.must('payees', 'import', payees)).toMatchObject({ imported: 10, refused: [] });

    const bad = savedAs(
      'bad.csv',
      'npi,tax_id,name,routing,account\n1234567890,841112223,Nobody,021000021,12345\n',
    );
    const { document, exitCode } = await remitflow.run('payees', 'import', bad);
    expect(exitCode).toBe(1);
    expect(document).toMatchObject({ imported: 0, refused: [{ line: 2 }] });
  });

  it('decides every claim of a file', async () => {
    await remitflow.must('demo', 'claims', claimFile, '--claims', '300');
    submitted = await remitflow.must('submit', claimFile, '--watch');
    expect(submitted).toMatchObject({ status: 'done', received: 300 });
    const { received, approved, held, rejected, denied } = submitted;
    expect(approved + held + rejected + denied).toBe(received);
    expect([held, rejected, denied].every((count) => count > 0)).toBe(true);

    const bytes = readFileSync(claimFile);
    for (const rejection of submitted.rejections) {
      expect(rejection).toMatchObject({
        claimId: expect.any(String),
        ruleId: expect.any(String),
        ruleVersion: expect.any(String),
      });
      expect(rejection.message.length).toBeGreaterThan(20);
      expect(rejection.byteOffset).toBeGreaterThan(0);
      expect(rejection.byteOffset).toBeLessThan(bytes.length);
    }
    const unbalanced = submitted.rejections.find((one: Document) => /CLM02|total/i.test(one.message));
    expect(String(bytes.subarray(unbalanced.byteOffset, unbalanced.byteOffset + 12))).toMatch(
      /^\d+(\.\d+)?\*/,
    );
  }, 60_000);

  it('pays what was approved and explains it to the cent', async () => {
    cycle = await remitflow.must('payouts', 'close', '--watch');
    const banks = cycle.nachaFiles.map((file: string) => readBankFile(readFileSync(file, 'utf8')));
    const advices = cycle.remittanceFiles.map((file: string) => readAdviceFile(readFileSync(file, 'utf8')));

    expect(banks.flatMap((bank: Document) => bank.faults)).toEqual([]);
    expect(advices.flatMap((advice: Document) => advice.faults)).toEqual([]);
    expect(summed(banks.map((bank: Document) => bank.creditCents))).toBe(cycle.paidCents);
    expect(summed(advices.map((advice: Document) => advice.bprCents))).toBe(cycle.paidCents);

    const paidBy = new Map(advices.map((advice: Document) => [advice.trn, advice.bprCents]));
    for (const payment of banks.flatMap((bank: Document) => bank.payments)) {
      expect(paidBy.get(payment.trn)).toBe(payment.amountCents);
    }
    const claims = advices.flatMap((advice: Document) => advice.claims);
    expect(claims).toHaveLength(submitted.approved + submitted.denied);
    expect(claims.filter((claim: Document) => claim.status === '4')).toHaveLength(submitted.denied);
  }, 60_000);

  it('shows the whole way of one claim', async () => {
    const [request] = await remitflow.must(
      'requests',
      'list',
      '--submission',
      submitted.submissionId,
      '--status',
      'paid',
      '--limit',
      '1',
    );
    const found = await remitflow.must('trace', request.requestId);
    expect(readFileSync(claimFile, 'utf8')).toContain(found.sourceText);
    expect(found.sourceText).toMatch(new RegExp(`^CLM\\*${request.claimId}\\*`));
    expect(found.decision.outcome).toBe('approved');
    expect(found.nachaRecord.slice(79)).toBe(found.payout.traceNumber);
    expect(found.remittances[0].segmentText).toMatch(new RegExp(`^CLP\\*${request.claimId}\\*1\\*`));
    const types = found.trail.map((event: Document) => event.type);
    for (const type of [
      'requests.submitted.v1',
      'requests.approved.v1',
      'payouts.scheduled.v1',
      'payouts.sent.v1',
      'remittances.posted.v1',
    ]) {
      expect(types).toContain(type);
    }
    const people = await new Promise<string>((done) => {
      const child = spawn(
        process.execPath,
        [join(remitflow.root, 'tools/cli/dist/main.js'), 'trace', request.claimId],
        {
          env: { ...environment, REMITFLOW_STATE: stateDir },
        },
      );
      let text = '';
      child.stdout.on('data', (chunk) => (text += chunk));
      child.on('close', () => done(text));
    });
    expect(people).toContain(found.payout.traceNumber);
  });

  it('refuses the same file, and pays nothing for the same claims in another one', async () => {
    const again = await remitflow.run('submit', claimFile, '--watch');
    expect(again).toMatchObject({
      exitCode: 4,
      document: { status: 'duplicate', duplicateOf: submitted.submissionId },
    });

    const other = readFileSync(claimFile, 'utf8')
      .replaceAll('000000001', '000000901')
      .replace(/CLM\*D1-/g, 'CLM*X1-');
    const second = await remitflow.must('submit', savedAs('other.837', other), '--watch');
    expect(second).toMatchObject({
      status: 'done',
      received: 300,
      approved: 0,
      held: 0,
      denied: 0,
      rejected: 300,
    });
    const duplicates = second.rejections.filter((one: Document) => one.duplicateOf);
    expect(duplicates.length).toBe(submitted.approved + submitted.held + submitted.denied);
    const first = await remitflow.must('requests', 'show', duplicates[0].duplicateOf);
    expect(first.submissionId).toBe(submitted.submissionId);
    expect(await remitflow.must('payouts', 'close', '--watch')).toMatchObject({
      payments: 0,
      paidCents: 0,
      nachaFiles: [],
    });
  }, 60_000);

  it.each([
    ['empty', ''],
    ['not a claim file', 'hello world\n'.repeat(30)],
    ['a zip', 'PK\u0003\u0004 and so on'],
    ['cut off', () => readFileSync(claimFile, 'utf8').slice(0, 5_000).replaceAll('000000001', '000000902')],
    [
      'an ISA of 105 characters',
      () => readFileSync(claimFile, 'utf8').replace('DEMOBILLER     ', 'DEMOBILLER    '),
    ],
    [
      'wrong counts',
      () =>
        readFileSync(claimFile, 'utf8')
          .replaceAll('000000001', '000000903')
          .replace(/~\nSE\*(\d+)\*/, '~\nSE*1\*'),
    ],
    [
      'another transaction set',
      () =>
        readFileSync(claimFile, 'utf8').replaceAll('000000001', '000000904').replace('ST*837*', 'ST*270*'),
    ],
    ['half a JSON', '[{"claimId":"A1",'],
  ])('says what is wrong with a file that is %s, and takes the next one', async (name, text) => {
    const file = savedAs(`${name.replaceAll(' ', '-')}.dat`, typeof text === 'string' ? text : text());
    const { exitCode, document } = await remitflow.run('submit', file, '--watch');
    expect([exitCode, document.status]).toEqual([3, 'failed']);
    expect(document.failure.message.length).toBeGreaterThan(15);
    expect(document.failure.code).toMatch(/^[a-z0-9.-]+$/);
    expect(document.received ?? 0).toBe(0);
  });

  it('takes a decision of a person about what is held', async () => {
    const [held] = await remitflow.must('reviews', 'list');
    await remitflow.must(
      'reviews',
      'decide',
      held.requestId,
      'approve',
      '--note',
      'charge confirmed with the provider',
      '--reviewer',
      'e2e',
    );
    const twice = await remitflow.run('reviews', 'decide', held.requestId, 'approve', '--note', 'once more');
    expect(twice.exitCode).toBe(1);
    await eventually(
      async () => (await remitflow.must('requests', 'show', held.requestId)).status === 'approved',
    );
    const closed = await eventually(async () => {
      const tried = await remitflow.must('payouts', 'close', '--watch');
      return tried.payments === 1 ? tried : undefined;
    });
    expect(closed.paidCents).toBe(held.allowedCents);
  }, 60_000);

  it('reverses what the bank sends back, and does not pay that account again', async () => {
    const payees = readFileSync(join(stateDir, 'payees.csv'), 'utf8').split('\n');
    const [npi] = payees[1]!.split(',');
    const row = payees[1]!.split(',').with(4, '555519902').join(',');
    await remitflow.must('payees', 'import', savedAs('returning.csv', `${payees[0]}\n${row}\n`));
    const file = join(stateDir, 'claims-2.837');
    await remitflow.must('demo', 'claims', file, '--claims', '40', '--run', '2');
    const sent = await remitflow.must('submit', file, '--watch');
    expect(sent.approved).toBeGreaterThan(0);
    const closed = await remitflow.must('payouts', 'close', '--watch');
    const returned = await eventually(async () => {
      const list = await remitflow.must('payouts', 'list', '--cycle', closed.cycleId, '--status', 'returned');
      return list.length === 1 ? list[0] : undefined;
    });
    const [reversal] = await eventually(async () => {
      const list = await remitflow.must('remittances', 'list', '--kind', 'reversal');
      return list.length === 1 ? list : undefined;
    });
    const { stdout } = await new Promise<{ stdout: string }>((done) => {
      const child = spawn(
        process.execPath,
        [join(remitflow.root, 'tools/cli/dist/main.js'), 'remittances', 'get', reversal.remittanceId],
        {
          env: { ...environment, REMITFLOW_STATE: stateDir },
        },
      );
      let stdout = '';
      child.stdout.on('data', (chunk) => (stdout += chunk));
      child.on('close', () => done({ stdout }));
    });
    const advice = readAdviceFile(stdout);
    expect(advice.faults).toEqual([]);
    expect(advice.bprCents).toBe(0);
    expect(summed(advice.claims.map((claim) => claim.paidCents))).toBe(-returned.amountCents);
    expect(new Set(advice.claims.map((claim) => claim.status))).toEqual(new Set(['22']));

    const third = join(stateDir, 'claims-3.837');
    await remitflow.must('demo', 'claims', third, '--claims', '40', '--run', '3');
    const refused = await remitflow.must('submit', third, '--watch');
    expect(refused.rejections.filter((one: Document) => /account/.test(one.ruleId)).length).toBeGreaterThan(
      0,
    );
    expect(npi).toBeDefined();
  }, 90_000);

  it('remembers everything, provably, and nothing it must not', async () => {
    await eventually(async () => {
      const services = (await remitflow.must('status')).services;
      return services.every((one: Document) => one.outbox.rows === 0);
    });
    expect(await remitflow.must('audit', 'verify')).toMatchObject({
      verified: true,
      events: expect.any(Number),
    });
    expect(await remitflow.must('dead', 'list')).toEqual([]);

    const accounts = readFileSync(join(stateDir, 'payees.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.split(',')[4]!);
    const places = [join(stateDir, 'logs'), join(stateDir, 'files', 'remittances')];
    const texts = places.flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
    );
    for (const account of accounts) expect(texts.some((text) => text.includes(account))).toBe(false);
  }, 60_000);
});
