import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PayoutsReturned, PayoutsReturnedV2 } from '@remitflow/contracts';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { payout, PayoutModule } from '../payout.module.ts';
import { aPayee, aRail, idOf, openStage, type Stage } from './payout.builder.ts';

type Ack = { file: string; sha256: string; accepted: boolean; problems: object[] };

describe('a file that the bank refuses', () => {
  let stage: Stage<TestService>;
  let cycleId: string;
  let refusal: Ack;

  beforeAll(async () => {
    const rail = aRail();
    const opened = await openTestService({ definition: payout, module: PayoutModule }, rail.environment);
    stage = await openStage(opened, rail, eventually);
    mkdirSync(stage.inbox, { recursive: true });
    await stage.tellPayees(aPayee(1), aPayee(2), aPayee(3));
    await stage.approve(['a', 1, 100], ['b', 1, 50], ['c', 2, 200], ['d', 3, 300]);
    const { answer } = await stage.ask('/cycles/close', {});
    cycleId = answer.cycleId;
    const problems = [{ code: 'origin', message: 'No.' }];
    refusal = { file: basename(answer.nachaFiles[0]), sha256: answer.fileSha256, accepted: false, problems };
  }, 60_000);

  afterAll(() => stage.close());

  const deliver = async (name: string, content: object): Promise<void> => {
    writeFileSync(join(stage.inbox, `.${name}.tmp`), JSON.stringify(content));
    renameSync(join(stage.inbox, `.${name}.tmp`), join(stage.inbox, name));
    await eventually(() => !existsSync(join(stage.inbox, name)));
  };

  const balances = async (): Promise<Record<string, number>> => {
    const rows: { account: string; debitCents: number; creditCents: number }[] = (await stage.ask('/ledger'))
      .answer;
    return Object.fromEntries(rows.map((row) => [row.account, row.debitCents - row.creditCents]));
  };

  const order = { note: 'Corrected with the bank.', by: 'operator' };
  const release = () => stage.ask(`/bank-files/${refusal.file}/release`, order);
  const problemOf = async (fileName: string): Promise<string | undefined> =>
    (await stage.ask('/bank-files')).answer.find((file: { fileName: string }) => file.fileName === fileName)
      ?.problem;

  it('cannot be released before the bank has refused it', async () => {
    expect(await release()).toMatchObject({ status: 422, answer: { code: 'bank-file.not-refused' } });
    const unknown = await stage.ask('/bank-files/nothing.ach/release', order);
    expect(unknown).toMatchObject({ status: 422, answer: { code: 'bank-file.unknown' } });
  });

  it('says of each payment that it came back, so that its remittance is reversed', async () => {
    await deliver('r.ack.json', refusal);
    await eventually(() => stage.said(PayoutsReturned).length === 1);
    const [said] = stage.said(PayoutsReturned).map(({ payments }) => payments as { returnCode: string }[]);
    expect(said).toHaveLength(3);
    for (const payment of said!) {
      expect(payment).toMatchObject({ returnCode: 'X01', consequence: 'none' });
    }
    await eventually(() => stage.said(PayoutsReturnedV2).length === 1);
    const newer = stage.said(PayoutsReturnedV2).flatMap(({ payments }) => payments as object[]);
    expect(newer).toEqual(
      said!.map(({ returnCode: _, ...payment }) => ({ ...payment, sentBackBy: 'own-bank' })),
    );
    expect(await balances()).toMatchObject({ 'payouts-in-transit': 0, 'returned-payouts': -650 });
    expect((await stage.ask(`/payments?cycleId=${cycleId}`)).answer).toMatchObject(
      [1, 2, 3].map(() => ({ status: 'refused', returned: { code: 'X01' } })),
    );
  });

  it('is refused once, whatever the bank says of it later', async () => {
    await deliver('late.ack.json', { ...refusal, problems: [] });
    await deliver('other.ack.json', { ...refusal, accepted: true, problems: [] });
    expect(await problemOf('late.ack.json')).toBe('refused-after-refused');
    expect(await problemOf('other.ack.json')).toBe('accepted-after-refused');
    expect((await stage.ask(`/cycles/${cycleId}`)).answer).toMatchObject({ fileState: 'refused' });
    expect(await balances()).toMatchObject({ 'payouts-in-transit': 0, 'returned-payouts': -650 });
    expect(stage.said(PayoutsReturned)).toHaveLength(1);
  });

  it('gives its requests back one payment at a time, or all that are left at once', async () => {
    const payments: { payeeId: string; paymentId: string }[] = (
      await stage.ask(`/payments?cycleId=${cycleId}`)
    ).answer;
    const first = payments.find(({ payeeId }) => payeeId === idOf('payee/1'))!;
    const reissue = () => stage.ask(`/payments/${first.paymentId}/reissue`, order);
    expect(await reissue()).toMatchObject({ status: 200, answer: { requests: 2 } });
    expect(await reissue()).toMatchObject({ status: 422 });

    const nothing = { payments: 0, requests: 0, cents: 0 };
    expect(await release()).toEqual({ status: 200, answer: { payments: 2, requests: 2, cents: 500 } });
    expect(await release()).toEqual({ status: 200, answer: nothing });
    expect(await balances()).toMatchObject({ payables: -650, 'returned-payouts': 0 });
  });

  it('is paid again in a file of new trace numbers, once', async () => {
    const { answer } = await stage.ask('/cycles/close', {});
    expect(answer).toMatchObject({ payments: 3, requests: 4, paidCents: 650 });
    expect((await stage.ask('/cycles/close', {})).answer).toMatchObject({ payments: 0 });
    const traces = await stage.rows('select distinct trace_number from payments');
    expect(traces).toHaveLength(6);
    expect((await stage.ask(`/requests/${idOf('request/a')}`)).answer).toMatchObject({
      status: 'sent',
      returnedPaymentIds: [expect.any(String)],
    });
  });

  it('settles nothing any more, also after its payments were given back', async () => {
    const [old] = await stage.rows(
      `select trace_number, amount_cents::int from payments where cycle_id = '${cycleId}' limit 1`,
    );
    const entries = [{ traceNumber: old!.trace_number, amountCents: old!.amount_cents }];
    await deliver('s.settled.json', { file: refusal.file, settledOn: '2026-11-24', entries });
    expect((await stage.ask('/bank-answers?state=unmatched')).answer).toMatchObject([
      { reason: 'file-was-refused' },
    ]);
  });
});
