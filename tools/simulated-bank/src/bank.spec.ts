import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainDate } from '@remitflow/kernel';
import { readReturns, traceNumber, validateAch, writePaymentFile, type PaymentFile } from '@remitflow/nacha';
import { processOnce, runBank, type BankFolders } from './bank.ts';
import { readLedger } from './ledger.ts';

const bankRouting = '121042882';
let root: string;
let folders: BankFolders;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'simulated-bank-'));
  folders = foldersIn('first');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const foldersIn = (name: string): BankFolders => {
  const made = {
    outbox: join(root, name, 'out'),
    inbox: join(root, name, 'in'),
    state: join(root, name, 'state'),
  };
  for (const folder of Object.values(made)) mkdirSync(folder, { recursive: true });
  return made;
};

/** One payment per account, with ascending trace numbers from the first. */
const aFile = (accounts: readonly string[], change: Partial<PaymentFile> = {}, firstTrace = 1): string =>
  [
    ...writePaymentFile({
      immediateDestination: bankRouting,
      immediateDestinationName: 'FIRST BANK',
      immediateOrigin: '1234567890',
      immediateOriginName: 'ACME HEALTH PLAN',
      createdAt: { date: plainDate('2026-11-22'), time: '0915' },
      fileIdModifier: 'A',
      companyName: 'ACME HEALTH',
      companyId: '1123456789',
      odfiRouting: bankRouting,
      effectiveDate: plainDate('2026-11-24'),
      payments: accounts.map((account, n) => ({
        routing: '021000021',
        account,
        accountType: n % 2 === 0 ? ('checking' as const) : ('savings' as const),
        amountCents: 10_000 + n,
        payeeId: `PAYEE-${n}`,
        payeeName: `PRACTICE ${n}`,
        traceNumber: traceNumber(bankRouting, firstTrace + n),
        trnReference: `PAY${firstTrace + n}`,
        payerTin: '123456789',
      })),
      ...change,
    }),
  ].join('');

const deliver = (name: string, text: string, to = folders): void =>
  writeFileSync(join(to.outbox, name), text);
const inbox = (of = folders): Record<string, string> =>
  Object.fromEntries(
    readdirSync(of.inbox)
      .sort()
      .map((name) => [name, readFileSync(join(of.inbox, name), 'utf8')]),
  );
const jsonIn = (name: string) => JSON.parse(readFileSync(join(folders.inbox, name), 'utf8'));
const testAccounts = ['1111', '22229901', '33339902', '44449903', '55559904', '66669801'];

describe('the simulated bank', () => {
  it('acknowledges, settles, returns and notices', async () => {
    deliver('a.ach', aFile(testAccounts));
    await processOnce(folders);

    expect(Object.keys(inbox())).toEqual(['a.ack.json', 'a.noc.ach', 'a.returns.ach', 'a.settled.json']);
    expect(jsonIn('a.ack.json')).toMatchObject({
      file: 'a.ach',
      accepted: true,
      problems: [],
      entries: 6,
      creditsCents: 60_015,
    });
    expect(jsonIn('a.settled.json')).toMatchObject({ settledOn: '2026-11-24' });
    expect(jsonIn('a.settled.json').entries).toHaveLength(6);
    expect(readdirSync(folders.outbox)).toEqual([]);
  });

  it('answers in files that the reader takes without a warning', async () => {
    deliver('a.ach', aFile(testAccounts));
    await processOnce(folders);
    const [returns, notices] = ['a.returns.ach', 'a.noc.ach'].map((name) =>
      readFileSync(join(folders.inbox, name)),
    );

    expect((await validateAch(returns!)).problems).toEqual([]);
    expect((await validateAch(notices!)).problems).toEqual([]);
    expect((await readReturns(returns!)).items).toMatchObject([
      {
        kind: 'return',
        code: 'R01',
        originalTrace: '121042880000002',
        amountCents: 10_001,
        originalBank: '02100002',
      },
      { kind: 'return', code: 'R02', originalTrace: '121042880000003' },
      { kind: 'return', code: 'R03', originalTrace: '121042880000004' },
      { kind: 'return', code: 'R04', originalTrace: '121042880000005' },
    ]);
    expect((await readReturns(notices!)).items).toMatchObject([
      {
        kind: 'notice',
        changeCode: 'C01',
        originalTrace: '121042880000006',
        corrected: { account: '66669810' },
      },
    ]);
  });

  it('books every credit once and no account number', async () => {
    deliver('a.ach', aFile(testAccounts));
    await processOnce(folders);
    const { credits } = await readLedger(folders.state);
    expect(credits).toHaveLength(6);
    expect(credits[0]).toEqual({
      file: 'a.ach',
      settledOn: '2026-11-24',
      traceNumber: '121042880000001',
      trnReference: 'PAY1',
      payerTin: '123456789',
      amountCents: 10_000,
    });
    const ledger = readFileSync(join(folders.state, 'ledger.jsonl'), 'utf8');
    for (const account of testAccounts.slice(1)) expect(ledger).not.toContain(account);
  });

  it.each([
    ['the same bytes', 'duplicate-file', aFile(['1111'])],
    ['the same origin, time and modifier', 'duplicate-file', aFile(['7777'], {}, 50)],
    ['a trace number seen before', 'trace-seen-before', aFile(['1111'], { fileIdModifier: 'B' })],
    [
      'a day that is no banking day',
      'not-a-banking-day',
      aFile(['1'], { fileIdModifier: 'B', effectiveDate: plainDate('2026-11-26') }, 9),
    ],
    [
      'a day in the past',
      'effective-in-the-past',
      aFile(['1'], { fileIdModifier: 'B', effectiveDate: plainDate('2026-11-20') }, 9),
    ],
    [
      'another description',
      'not-healthcare',
      aFile(['1'], { fileIdModifier: 'B' }, 9).replace('HCCLAIMPMT', 'PAYROLL   '),
    ],
    ['another class', 'not-ccd', aFile(['1'], { fileIdModifier: 'B' }, 9).replace('CCDHC', 'PPDHC')],
    ['no TRN', 'no-trn', aFile(['1'], { fileIdModifier: 'B' }, 9).replace('TRN*1*', 'TRX*1*')],
    ['a debit', 'not-a-credit', aFile(['1'], { fileIdModifier: 'B' }, 9).replace('\n622', '\n627')],
    [
      'a wrong total',
      'file-credits',
      aFile(['1'], { fileIdModifier: 'B' }, 9).replace(/(\n9000001.{42})\d{6}/, '$1999999'),
    ],
    ['a cut file', 'missing-file-control', aFile(['1'], { fileIdModifier: 'B' }, 9).slice(0, 380)],
    ['nothing', 'file-empty', ''],
  ])('refuses %s: %s', async (_, code, text) => {
    deliver('first.ach', aFile(['1111']));
    await processOnce(folders);
    deliver('second.ach', text);
    await processOnce(folders);

    const ack = jsonIn('second.ack.json');
    expect(ack.accepted).toBe(false);
    expect(ack.problems.map((problem: { code: string }) => problem.code)).toContain(code);
    expect(Object.keys(inbox())).not.toContain('second.settled.json');
    expect((await readLedger(folders.state)).credits).toHaveLength(1);
  });

  it('never overwrites an answer when a name comes again', async () => {
    deliver('a.ach', aFile(['1111']));
    await processOnce(folders);
    const first = inbox()['a.ack.json'];
    deliver('a.ach', aFile(['2222'], { fileIdModifier: 'B' }, 2));
    await processOnce(folders);
    expect(inbox()['a.ack.json']).toBe(first);
    expect(jsonIn('a.00000002.ack.json')).toMatchObject({ file: 'a.ach', accepted: true });
  });

  it('says everything again under another name when it is told to, and books nothing again', async () => {
    deliver('a.ach', aFile(testAccounts));
    await processOnce({ ...folders, answersTwice: true });
    const answers = inbox();
    expect(Object.keys(answers)).toHaveLength(8);
    expect(answers['a.again.settled.json']).toBe(answers['a.settled.json']);
    expect((await readLedger(folders.state)).credits).toHaveLength(6);
  });

  it('leaves alone what is not a finished file', async () => {
    deliver('.a.ach.tmp', 'x');
    deliver('a.ach.part', 'x');
    expect(await processOnce(folders)).toEqual([]);
    expect(inbox()).toEqual({});
  });

  it('works until it is told to stop', async () => {
    const stopping = new AbortController();
    const lines: string[] = [];
    deliver('a.ach', aFile(testAccounts));
    const log = (line: string) => {
      lines.push(line);
      stopping.abort();
    };
    await runBank({ ...folders, pollMs: 5, signal: stopping.signal, log });
    expect(lines).toEqual(['a.ach: accepted, 6 entries, 60015 cents, 4 returned, 1 noticed']);
  });
});

describe('a bank that died', () => {
  const reference = async (): Promise<{ answers: Record<string, string>; ledger: string; file: string }> => {
    const calm = foldersIn('calm');
    const file = aFile(testAccounts);
    deliver('a.ach', file, calm);
    await processOnce(calm);
    return { answers: inbox(calm), ledger: readFileSync(join(calm.state, 'ledger.jsonl'), 'utf8'), file };
  };

  const leftBehind = (file: string, ledger: string, answers: Record<string, string>): void => {
    mkdirSync(join(folders.state, 'received'), { recursive: true });
    writeFileSync(join(folders.state, 'received', '00000001-a.ach'), file);
    writeFileSync(join(folders.state, 'ledger.jsonl'), ledger);
    for (const [name, text] of Object.entries(answers)) writeFileSync(join(folders.inbox, name), text);
  };

  it.each([
    ['after it claimed the file', 0, 0],
    ['in the middle of the line that books it', 0.5, 0],
    ['before the last byte of that line', 0.999, 0],
    ['after it booked the file', 1, 0],
    ['after its first answer', 1, 1],
    ['after three answers', 1, 3],
    ['after its last answer', 1, 4],
  ])('goes on from where it was: %s', async (_, ledgerShare, answerCount) => {
    const { answers, ledger, file } = await reference();
    const booked =
      ledgerShare === 1 ? ledger : ledger.slice(0, Math.floor((ledger.length - 1) * ledgerShare));
    leftBehind(file, booked, Object.fromEntries(Object.entries(answers).slice(0, answerCount)));
    writeFileSync(join(folders.inbox, '.a.ack.json.tmp'), '{"half":');

    await processOnce(folders);
    await processOnce(folders);

    const { '.a.ack.json.tmp': _half, ...after } = inbox();
    expect(after).toEqual(answers);
    expect(readFileSync(join(folders.state, 'ledger.jsonl'), 'utf8')).toBe(ledger);
    expect((await readLedger(folders.state)).credits).toHaveLength(testAccounts.length);
  });

  it('does not take a half line for booked money', async () => {
    deliver('a.ach', aFile(['1111']));
    await processOnce(folders);
    appendFileSync(join(folders.state, 'ledger.jsonl'), '{"ticket":"00000002-b.ach","accepted":tr');
    expect((await readLedger(folders.state)).decisions).toHaveLength(1);
    deliver('b.ach', aFile(['2222'], { fileIdModifier: 'B' }, 2));
    await processOnce(folders);
    expect((await readLedger(folders.state)).credits.map(({ file }) => file)).toEqual(['a.ach', 'b.ach']);
  });
});
