import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { AccountsChangeNoticed, PayoutsReturned, PayoutsSettled } from '@remitflow/contracts';
import { processOnce, readLedger } from '@remitflow/simulated-bank';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { payout, PayoutModule } from '../payout.module.ts';
import { aPayee, aRail, openStage, type Stage } from './payout.builder.ts';

describe('payout and a bank that is strict', () => {
  const rail = aRail();
  const folders = { outbox: rail.outbox, inbox: rail.inbox, state: join(rail.folder, 'bank') };
  let stage: Stage<TestService>;

  beforeAll(async () => {
    const opened = await openTestService({ definition: payout, module: PayoutModule }, rail.environment);
    stage = await openStage(opened, rail, eventually);
  }, 60_000);

  afterAll(() => stage.close());

  it('agree on every cent', async () => {
    const suffixes = ['0000', '9901', '9902', '9903', '9904', '9801'];
    await stage.tellPayees(...suffixes.map((suffix, n) => aPayee(n, { suffix })));
    await stage.approve(...suffixes.map((_, n): [string, number, number] => [`r${n}`, n, 1_000 + n]));
    const { answer } = await stage.ask('/cycles/close', {});

    expect(await processOnce(folders)).toMatchObject([
      { accepted: true, problems: [], sha256: answer.fileSha256, creditsCents: 6_015 },
    ]);
    await eventually(() => stage.said(AccountsChangeNoticed).length === 1);
    await eventually(() => stage.said(PayoutsReturned).length === 1);
    const items = (body: Record<string, unknown> | undefined) => body?.payments as Record<string, unknown>[];
    expect(items(stage.said(PayoutsSettled)[0])).toHaveLength(6);
    const returned = items(stage.said(PayoutsReturned)[0]).map(({ returnCode }) => returnCode);
    expect(returned.sort()).toEqual(['R01', 'R02', 'R03', 'R04']);

    const { credits } = await readLedger(folders.state);
    const payments: { trnReference: string; amountCents: number }[] = (await stage.ask('/payments')).answer;
    const pairs = (rows: readonly { trnReference: string; amountCents: number }[]) =>
      rows.map(({ trnReference, amountCents }) => `${trnReference} ${amountCents}`).sort();
    expect(pairs(credits)).toEqual(pairs(payments));
    expect((await stage.ask('/cycles')).answer[0]).toMatchObject({ fileState: 'accepted' });
    expect((await stage.ask('/bank-answers?state=unmatched')).answer).toEqual([]);
    expect((await stage.ask('/bank-files?state=for-person')).answer).toEqual([]);
  });
});
