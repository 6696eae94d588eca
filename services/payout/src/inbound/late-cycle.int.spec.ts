import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { itemsPerFactMax, PayoutsSent } from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import { strictest, validateAch } from '@remitflow/nacha';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { payout, PayoutModule } from '../payout.module.ts';
import { closeCycle, resumeCycles } from '../use-cases/close-cycle.ts';
import type { ClosingNeeds } from '../use-cases/closing.ts';
import { CycleCloser } from './cycle-closer.ts';
import { CyclesJob } from './cycles.job.ts';
import { aPayee, aRail, openStage, type Loose, type Stage } from './payout.builder.ts';

class Crash extends Error {}

describe('a cycle that is taken up later', () => {
  let stage: Stage<TestService>;
  let needs: ClosingNeeds;
  let round = 0;

  beforeAll(async () => {
    const rail = aRail();
    const opened = await openTestService({ definition: payout, module: PayoutModule }, rail.environment);
    await opened.app.get(CyclesJob).beforeApplicationShutdown(); // only this spec resumes
    stage = await openStage(opened, rail, eventually);
    await stage.tellPayees(aPayee(1), aPayee(2));
    needs = opened.app.get(CycleCloser).needs;
  }, 60_000);

  afterAll(() => stage.close());

  const crashAt = async (point: string, now: string): Promise<string> => {
    const cycleId = uuidV7();
    const checkpoint = (name: string): void => {
      if (name === point) throw new Crash(point);
    };
    const then = { ...needs, now: () => new Date(now), checkpoint };
    await expect(closeCycle(then, { cycleId, reason: 'spec' })).rejects.toThrow(Crash);
    return cycleId;
  };

  const aPayment = (cents: number): Promise<void> => stage.approve([`late-${(round += 1)}`, 1, cents]);

  const fileOf = async (cycleId: string): Promise<Record<string, Loose>> =>
    (
      await stage.rows(
        `select file_name, created_on::text, file_id_modifier, effective_date::text, sha256
         from nacha_files where cycle_id = '${cycleId}'`,
      )
    )[0]!;

  it.each(['announced', 'file-kept', 'built'])('at %s pays on a day that is still to come', async (point) => {
    await aPayment(100);
    const friday = await crashAt(point, '2026-11-20T21:00:00Z');
    expect(await fileOf(friday)).toMatchObject({ created_on: '2026-11-20', effective_date: '2026-11-23' });
    await aPayment(200);
    const monday = await crashAt('formed', '2026-11-23T15:00:00Z');
    await resumeCycles({ ...needs, now: () => new Date('2026-11-23T16:00:00Z') });

    const [late, fresh] = [await fileOf(friday), await fileOf(monday)];
    expect(late).toMatchObject({ created_on: '2026-11-23', effective_date: '2026-11-24' });
    expect(fresh).toMatchObject({ created_on: '2026-11-23', effective_date: '2026-11-24' });
    expect(late.file_id_modifier).not.toBe(fresh.file_id_modifier);
    const bytes = readFileSync(join(stage.outbox, late.file_name));
    expect(bytes.toString('latin1').slice(23, 34)).toBe(`2611231100${late.file_id_modifier}`);
    expect(await validateAch(bytes, { severities: strictest })).toMatchObject({
      valid: true,
      creditsCents: 100,
    });
    await eventually(() => stage.said(PayoutsSent).some(({ cycleId }) => cycleId === friday));
    expect(stage.said(PayoutsSent).find(({ cycleId }) => cycleId === friday)).toMatchObject({
      effectiveDate: '2026-11-24',
    });
    expect(readdirSync(stage.outbox).filter((name) => name.endsWith('.ready'))).toEqual([]);
  });

  it('keeps its dates when the bank may have seen it', async () => {
    await aPayment(300);
    const cycleId = await crashAt('transmitting', '2026-11-20T21:00:00Z');
    const before = await fileOf(cycleId);
    await resumeCycles({ ...needs, now: () => new Date('2026-11-24T16:00:00Z') });
    expect(await fileOf(cycleId)).toEqual(before);
  });

  it('is part of the answer to the close that finishes it', async () => {
    await aPayment(1_000);
    const older = await crashAt('announced', '2026-11-20T21:00:00Z');
    await stage.approve(['another', 2, 20]);
    const { answer } = await stage.ask('/cycles/close', {});
    expect(answer).toMatchObject({ payments: 2, requests: 2, paidCents: 1_020, status: 'closed' });
    expect(answer.cycleIds).toEqual([answer.cycleId, older]);
    expect(answer.cycles).toMatchObject([
      { cycleId: answer.cycleId, paidCents: 20 },
      { cycleId: older, paidCents: 1_000 },
    ]);
    const names = [(await fileOf(answer.cycleId)).file_name, (await fileOf(older)).file_name];
    expect(answer.nachaFiles.map((path: string) => basename(path))).toEqual(names);
  });

  it('leaves an answer about nothing as it is', async () => {
    const { answer } = await stage.ask('/cycles/close', {});
    expect(answer).toMatchObject({ payments: 0, paidCents: 0, nachaFiles: [], cycleIds: [answer.cycleId] });
  });

  it('says of each of many payments once that it was sent, a page a transaction', async () => {
    const many = Array.from({ length: itemsPerFactMax + 1 }, (_, n) => n + 10);
    for (let start = 0; start < many.length; start += 400)
      await stage.tellPayees(...many.slice(start, start + 400).map((n) => aPayee(n)));
    await stage.rows(
      `with many as (
         insert into payable_parts (submission_id, payee_id, requests, amount_cents, request_ids, claim_ids, request_cents)
         select gen_random_uuid(), payee_id, 1, 1, array[gen_random_uuid()], array['x'], array[1] from payees
         where payee_id not in ('${aPayee(1).payeeId}', '${aPayee(2).payeeId}')
         returning amount_cents
       )
       insert into ledger_transfers (kind, about_id, debit_account, credit_account, amount_cents)
       select 'approved', gen_random_uuid(), 'claims-expense', 'payables', sum(amount_cents) from many`,
    );
    const cycleId = await crashAt('sent-part', new Date().toISOString());
    const sent = () => stage.said(PayoutsSent).filter((body) => body.cycleId === cycleId);
    await eventually(() => sent().length === 1);
    expect((await stage.ask(`/cycles/${cycleId}`)).answer).toMatchObject({ status: 'transmitting' });
    await resumeCycles(needs);
    await eventually(() => sent().length === 2);
    const payments = sent().flatMap((body) => body.payments as { paymentId: string }[]);
    expect(new Set(payments.map(({ paymentId }) => paymentId)).size).toBe(many.length);
    expect(payments).toHaveLength(many.length);
  }, 60_000);
});
