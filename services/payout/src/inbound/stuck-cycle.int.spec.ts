import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PayoutsSent } from '@remitflow/contracts';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { payout, PayoutModule } from '../payout.module.ts';
import { CycleCloser } from './cycle-closer.ts';
import { aPayee, aRail, idOf, openStage, type Stage } from './payout.builder.ts';

describe('a cycle that cannot be finished', () => {
  let stage: Stage<TestService>;
  let stuckId: string;
  let version = 1;

  beforeAll(async () => {
    const rail = aRail();
    const opened = await openTestService({ definition: payout, module: PayoutModule }, rail.environment);
    stage = await openStage(opened, rail, eventually);
    mkdirSync(stage.inbox, { recursive: true });
    await stage.tellPayees(aPayee(1), aPayee(2));
  }, 60_000);

  afterAll(() => stage.close());

  const order = { note: 'The account cannot be read.', by: 'operator' };
  const visible = (): string[] => readdirSync(stage.outbox).filter((name) => name.endsWith('.ach'));
  const deliver = async (name: string, content: object): Promise<void> => {
    writeFileSync(join(stage.inbox, `.${name}.tmp`), JSON.stringify(content));
    renameSync(join(stage.inbox, `.${name}.tmp`), join(stage.inbox, name));
    await eventually(() => !existsSync(join(stage.inbox, name)));
  };

  /** Closes a cycle over a payment to an account whose number nobody can read. */
  const closeOverUnreadable = async (name: string, cents: number): Promise<string> => {
    await stage.rows(
      `update accounts set encrypted_number = 'lost' || encrypted_number where payee_id = '${aPayee(1).payeeId}'`,
    );
    await stage.approve([name, 1, cents]);
    const { status, answer } = await stage.ask('/cycles/close', {});
    expect({ status, answer }).toMatchObject({ status: 422, answer: { code: 'cycle.stuck' } });
    version += 1;
    await stage.tellPayees(aPayee(1, { version }));
    return answer.cycleId;
  };

  it('is shown with its cause, and its money stays', async () => {
    stuckId = await closeOverUnreadable('a', 100);
    expect((await stage.ask('/cycles')).answer).toMatchObject([
      {
        cycleId: stuckId,
        status: 'announced',
        stuck: { code: 'field.unreadable', message: expect.any(String), at: expect.any(String) },
      },
    ]);
    expect(visible()).toEqual([]);
  });

  it('stops no other close, by command or by the clock', async () => {
    await stage.approve(['b', 1, 7], ['c', 2, 200]);
    const { status, answer } = await stage.ask('/cycles/close', {});
    expect({ status, answer }).toMatchObject({ status: 200, answer: { payments: 2, paidCents: 207 } });
    await stage.service.app.get(CycleCloser).keepUp();
  });

  it('goes on when a person has mended the cause, and not before', async () => {
    const resume = () => stage.ask(`/cycles/${stuckId}/resume`, {});
    expect(await resume()).toMatchObject({
      status: 422,
      answer: { code: 'cycle.stuck', cause: 'field.unreadable' },
    });
    await stage.rows(
      `update payments set encrypted_number = (select encrypted_number from accounts where payee_id = payments.payee_id)
       where cycle_id = '${stuckId}'`,
    );
    expect(await resume()).toMatchObject({ status: 200, answer: { status: 'closed', stuck: null } });
    expect(await resume()).toMatchObject({ status: 422, answer: { code: 'cycle.not-stuck' } });
    expect(await stage.ask(`/cycles/${idOf('none')}/resume`, {})).toMatchObject({ status: 404 });
    await eventually(() => stage.said(PayoutsSent).some(({ cycleId }) => cycleId === stuckId));
  });

  it('can be abandoned before its file was visible: its requests are paid by a later cycle', async () => {
    const cycleId = await closeOverUnreadable('d', 1_000);
    const abandon = (id: string) => stage.ask(`/cycles/${id}/abandon`, order);
    expect(await abandon(stuckId)).toMatchObject({ status: 422, answer: { code: 'cycle.may-be-visible' } });
    expect(await abandon(cycleId)).toEqual({
      status: 200,
      answer: { payments: 1, requests: 1, cents: 1_000 },
    });
    expect(await abandon(cycleId)).toMatchObject({ status: 422, answer: { code: 'cycle.abandoned' } });
    expect((await stage.ask(`/cycles/${cycleId}`)).answer).toMatchObject({
      status: 'abandoned',
      fileState: 'abandoned',
      abandoned: { ...order, at: expect.any(String) },
    });
    const old = (await stage.ask(`/payments?cycleId=${cycleId}&status=abandoned`)).answer;
    expect(old).toHaveLength(1);

    const { answer } = await stage.ask('/cycles/close', {});
    expect(answer).toMatchObject({ payments: 1, paidCents: 1_000 });
    const [again] = (await stage.ask(`/payments?cycleId=${answer.cycleId}`)).answer;
    expect(again.traceNumber).not.toBe(old[0].traceNumber);

    const settled = { traceNumber: old[0].traceNumber, amountCents: 1_000 };
    const [{ file_name: file }] = (await stage.rows(
      `select file_name from nacha_files where cycle_id = '${cycleId}'`,
    )) as [{ file_name: string }];
    await deliver('a.settled.json', { file, settledOn: '2026-11-24', entries: [settled] });
    await deliver('a.ack.json', { file, sha256: '', accepted: true, problems: [] });
    expect((await stage.ask('/bank-answers?state=unmatched')).answer).toMatchObject([
      { reason: 'never-sent' },
    ]);
    expect((await stage.ask('/bank-files?state=for-person')).answer).toMatchObject([
      { problem: 'file-never-sent' },
      {},
    ]);
  });

  it('leaves a ledger in which all is in transit that was sent', async () => {
    const rows: { account: string; debitCents: number; creditCents: number }[] = (await stage.ask('/ledger'))
      .answer;
    const balance = Object.fromEntries(rows.map((row) => [row.account, row.debitCents - row.creditCents]));
    expect(balance).toEqual({ 'claims-expense': 1_307, payables: 0, 'payouts-in-transit': -1_307 });
  });
});
