import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  AccountsChangeNoticed,
  PayoutsReturned,
  PayoutsReturnedV2,
  PayoutsSettled,
} from '@remitflow/contracts';
import { plainDate, seal } from '@remitflow/kernel';
import { writeNoticeFile, writeReturnFile, type ReturnedEntry } from '@remitflow/nacha';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { payout, PayoutModule } from '../payout.module.ts';
import {
  aRail,
  accountOf,
  aPayee,
  idOf,
  openStage,
  type Loose,
  sealing,
  type Stage,
} from './payout.builder.ts';

type Payment = { paymentId: string; traceNumber: string; amountCents: number; payeeId: string };

describe('the answers of the bank', () => {
  let stage: Stage<TestService>;
  let file: { name: string; sha256: string };
  let payments: Map<string, Payment>;

  beforeAll(async () => {
    const rail = aRail();
    const opened = await openTestService({ definition: payout, module: PayoutModule }, rail.environment);
    stage = await openStage(opened, rail, eventually);
    mkdirSync(stage.inbox, { recursive: true });
    await stage.tellPayees(...[1, 2, 3, 4, 5, 6].map((n) => aPayee(n)));
    await stage.approve(...[1, 2, 3, 4, 5, 6].map((n): [string, number, number] => [`r${n}`, n, n * 1_000]));
    const { answer } = await stage.ask('/cycles/close', {});
    file = { name: basename(answer.nachaFiles[0]), sha256: answer.fileSha256 };
    const rows: Payment[] = (await stage.ask('/payments')).answer;
    payments = new Map(rows.map((payment) => [payment.payeeId, payment]));
  }, 60_000);

  afterAll(() => stage.close());

  const paymentTo = (n: number): Payment => payments.get(idOf(`payee/${n}`))!;

  /** Delivers as the bank does: written under another name, then renamed. */
  const deliver = async (name: string, text: string): Promise<void> => {
    writeFileSync(join(stage.inbox, `.${name}.tmp`), text);
    renameSync(join(stage.inbox, `.${name}.tmp`), join(stage.inbox, name));
    await eventually(() => !existsSync(join(stage.inbox, name)));
  };

  const answerFile = {
    immediateDestination: '091000019',
    immediateDestinationName: 'DEMO',
    immediateOrigin: ' 021000021',
    immediateOriginName: 'BANK',
    createdAt: { date: plainDate('2026-11-25'), time: '0600' },
    fileIdModifier: 'A',
    companyName: 'REMITFLOW HEALTH',
    companyId: '1841234567',
    entryDescription: 'HCCLAIMPMT',
    effectiveDate: plainDate('2026-11-25'),
    odfiRouting: '021000021',
    originatingRouting: '091000019',
  };

  const returned = (payment: Payment, code: string, change: Partial<ReturnedEntry> = {}): ReturnedEntry => ({
    ...{ traceNumber: '021000020000001', originalTrace: payment.traceNumber, originalRouting: '021000021' },
    ...{ account: '1', accountType: 'checking', receiverId: '1', receiverName: 'X' },
    ...{ code, amountCents: payment.amountCents },
    ...change,
  });

  const returnsOf = (...entries: ReturnedEntry[]): string =>
    [
      ...writeReturnFile({
        ...answerFile,
        secCode: 'CCD',
        entries: entries.map((entry, n) => ({ ...entry, traceNumber: `02100002000000${n + 1}` })),
      }),
    ].join('');

  const statusOf = async (n: number): Promise<string> =>
    (await stage.ask(`/requests/${idOf(`request/r${n}`)}`)).answer.status;

  it('books an acknowledgement, and settles each payment once', async () => {
    const ack = {
      file: file.name,
      sha256: file.sha256,
      accepted: true,
      problems: [],
      entries: 6,
      creditsCents: 21_000,
    };
    await deliver('f.ack.json', JSON.stringify(ack));
    expect((await stage.ask('/cycles')).answer[0]).toMatchObject({ fileState: 'accepted' });

    const entries = [1, 2, 3, 4, 5]
      .map(paymentTo)
      .map(({ traceNumber, amountCents }) => ({ traceNumber, amountCents }));
    const odd = [
      { traceNumber: '091000010099999', amountCents: 1 },
      { traceNumber: paymentTo(6).traceNumber, amountCents: 1 },
    ];
    const settlement = { file: file.name, settledOn: '2026-11-24', entries: [...entries, ...odd] };
    await deliver('f.settled.json', JSON.stringify(settlement));
    await deliver('again.settled.json', JSON.stringify(settlement, null, 1));

    expect(await Promise.all([1, 5, 6].map(statusOf))).toEqual(['settled', 'settled', 'sent']);
    expect((await stage.ask('/bank-answers?state=unmatched')).answer).toMatchObject([
      { reason: expect.any(String) },
      {},
      {},
      {},
    ]);
    await eventually(() => stage.said(PayoutsSettled).length === 1);
    expect(stage.said(PayoutsSettled)[0]?.payments).toHaveLength(5);
  });

  it('takes back what is returned, once, and freezes accounts that cannot be paid', async () => {
    const wrongAmount = returned(paymentTo(4), 'R03', { amountCents: 7 });
    const stranger = returned(paymentTo(4), 'R03', { originalTrace: '091000010088888' });
    await deliver(
      'f.returns.ach',
      returnsOf(returned(paymentTo(1), 'R02'), returned(paymentTo(2), 'R01'), wrongAmount, stranger),
    );
    await deliver('g.returns.ach', returnsOf(returned(paymentTo(1), 'R02'), returned(paymentTo(3), 'R99')));

    await eventually(() => stage.said(PayoutsReturned).length === 2);
    const said = stage.said(PayoutsReturned).flatMap(({ payments }) => payments as object[]);
    expect(said).toMatchObject([
      {
        paymentId: paymentTo(1).paymentId,
        returnCode: 'R02',
        consequence: 'freeze-account',
        returnedOn: '2026-11-25',
      },
      { paymentId: paymentTo(2).paymentId, returnCode: 'R01', consequence: 'none' },
      { paymentId: paymentTo(3).paymentId, returnCode: 'R99', consequence: 'none' },
    ]);
    await eventually(() => stage.said(PayoutsReturnedV2).length === 2);
    const newer = stage.said(PayoutsReturnedV2).flatMap(({ payments }) => payments as object[]);
    expect(newer).toMatchObject(said.map((payment) => ({ ...payment, sentBackBy: 'payees-bank' })));
    expect(await Promise.all([1, 2, 3, 4].map(statusOf))).toEqual([
      'returned',
      'returned',
      'returned',
      'settled',
    ]);
    const stateOf = async (state: string) => (await stage.ask(`/bank-answers?state=${state}`)).answer;
    expect(await stateOf('duplicate')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'return', paymentId: paymentTo(1).paymentId }),
      ]),
    );
    expect(await stateOf('for-person')).toMatchObject([{ code: 'R99', reason: 'unknown-code' }]);
    expect(
      (await stateOf('unmatched')).filter(({ kind }: { kind: string }) => kind === 'return'),
    ).toHaveLength(2);

    await stage.approve(['later', 1, 500]);
    expect((await stage.ask('/cycles/close', {})).answer).toMatchObject({
      payments: 0,
      heldBack: { reasons: { 'account-frozen': { requests: 1, cents: 500 } } },
    });
  });

  it('passes a notice of change on without the new number', async () => {
    const number = accountOf(77, '9810');
    const entry = { ...returned(paymentTo(5), ''), changeCode: 'C01', corrected: { account: number } };
    await deliver('f.noc.ach', [...writeNoticeFile({ ...answerFile, entries: [entry] })].join(''));
    await eventually(() => stage.said(AccountsChangeNoticed).length === 1);
    expect(stage.said(AccountsChangeNoticed)).toMatchObject([
      { notices: [{ paymentId: paymentTo(5).paymentId, changeCode: 'C01', changes: ['account'] }] },
    ]);
    const kept = JSON.stringify([
      await stage.rows('select * from notices'),
      await stage.rows('select * from bank_answers'),
    ]);
    expect(kept).not.toContain(number);
    expect(JSON.stringify(stage.heard)).not.toContain(number);
  });

  it('leaves what it does not understand to a person, and goes on', async () => {
    await deliver('x.ack.json', '{"half":');
    await deliver('y.settled.json', '[]');
    await deliver('z.returns.ach', 'not an ach file');
    expect(
      (await stage.ask('/bank-files?state=for-person')).answer.map(({ fileName }: Loose) => fileName),
    ).toEqual(expect.arrayContaining(['x.ack.json', 'y.settled.json', 'z.returns.ach']));
    expect(readdirSync(join(stage.inbox, 'processed'))).toContain('x.ack.json');
  });

  it('does nothing twice for a file that a crash left in the inbox', async () => {
    const before = await stage.rows('select count(*) from ledger_transfers');
    const text = readFileSync(join(stage.inbox, 'processed', 'f.returns.ach'), 'utf8');
    await deliver('f.returns.ach', text);
    expect(await stage.rows('select count(*) from ledger_transfers')).toEqual(before);
  });

  it('shows a refused file and pays nobody again by itself', async () => {
    await stage.approve(['n6', 6, 77]);
    const { answer } = await stage.ask('/cycles/close', {});
    const refusal = { file: basename(answer.nachaFiles[0]), sha256: answer.fileSha256, accepted: false };
    await deliver(
      'r.ack.json',
      JSON.stringify({ ...refusal, problems: [{ code: 'origin', message: 'No.' }] }),
    );
    expect((await stage.ask(`/cycles/${answer.cycleId}`)).answer).toMatchObject({
      fileState: 'refused',
      refusal: [{ code: 'origin' }],
    });
    expect((await stage.ask(`/payments?cycleId=${answer.cycleId}`)).answer).toMatchObject([
      { status: 'refused' },
    ]);
    expect((await stage.ask('/cycles/close', {})).answer).toMatchObject({ payments: 0 });
  });

  it('pays a returned payment again when a person says so, and only then', async () => {
    const order = { note: 'New account on file.', by: 'operator' };
    const reissue = (n: number) => stage.ask(`/payments/${paymentTo(n).paymentId}/reissue`, order);
    expect(await reissue(4)).toMatchObject({ status: 422, answer: { code: 'payment.not-returned' } });
    expect(await reissue(1)).toMatchObject({ status: 422, answer: { code: 'payee.no-active-account' } });

    const other = aPayee(1).account!;
    const accountId = idOf('account/other');
    const sealedNumber = seal(accountOf(1, '1111'), sealing.publicKey, accountId);
    await stage.tellPayees(aPayee(1, { version: 2, account: { ...other, accountId, sealedNumber } }));
    await stage.tellPayees(aPayee(1)); // an old version that comes late changes nothing
    expect(await reissue(1)).toMatchObject({ status: 200, answer: { requests: 1 } });
    expect(await reissue(1)).toMatchObject({ status: 422 });
    expect((await stage.ask('/cycles/close', {})).answer).toMatchObject({
      payments: 1,
      requests: 2,
      paidCents: 1_500,
    });
    expect((await stage.ask(`/requests/${idOf('request/r1')}`)).answer).toMatchObject({
      status: 'sent',
      returnedPaymentIds: [paymentTo(1).paymentId],
    });
  });

  it('keeps a ledger in which every account is explained', async () => {
    const balances: { account: string; debitCents: number; creditCents: number }[] = (
      await stage.ask('/ledger')
    ).answer;
    const balance = Object.fromEntries(
      balances.map((row) => [row.account, row.debitCents - row.creditCents]),
    );
    const [open] = await stage.rows(
      `select sum(amount_cents)::int as cents from payables where payment_id is null`,
    );
    expect(Object.values(balance).reduce((sum, cents) => sum + cents, 0)).toBe(0);
    expect(balance['payables']).toBe(0 - open!.cents);
    expect(balance['returned-payouts']).toBe(-5_000 - 77);
    expect(balance['bank']).toBe(-15_000 + 6_000);
    await expect(stage.rows('update ledger_transfers set amount_cents = 1')).rejects.toThrow(/append-only/);
  });
});
