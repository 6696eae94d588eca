import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { PayoutsClosed, PayoutsScheduled, PayoutsSent } from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import { MessagingRuntime } from '@remitflow/messaging';
import { strictest, validateAch } from '@remitflow/nacha';
import { openService } from '@remitflow/service';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { PayoutConfig } from '../config.ts';
import { payout, PayoutModule } from '../payout.module.ts';
import { closeCycle, resumeCycles } from '../use-cases/close-cycle.ts';
import { CycleCloser } from './cycle-closer.ts';
import { aRail, aPayee, openStage, type Stage } from './payout.builder.ts';

describe('two processes of payout', () => {
  let stage: Stage<TestService>;
  let second: INestApplication;

  beforeAll(async () => {
    const rail = aRail();
    const parts = { definition: payout, module: PayoutModule };
    const first = await openTestService(parts, rail.environment);
    ({ app: second } = await openService(parts, first.app.get(PayoutConfig)));
    await second.init();
    await eventually(() => !second.get(MessagingRuntime).unreadiness());
    stage = await openStage(first, rail, eventually);
    await stage.tellPayees(...[1, 2, 3, 4, 5].map((n) => aPayee(n)));
  }, 60_000);

  afterAll(async () => {
    await second.close();
    await stage.close();
  });

  const closers = () => [stage.service.app, second].map((app) => app.get(CycleCloser));

  /** [requests approved, cents]: all paid once, and every file pays what its cycle says. */
  const expectAllPaidOnce = async (requests: number, cents: number): Promise<void> => {
    const [sums] = await stage.rows(
      `select (select count(*)::int from payables) as payables,
         (select count(*)::int from payables join payments using (payment_id)) as paid,
         (select coalesce(sum(amount_cents), 0)::int from payables) as "payableCents",
         (select sum(amount_cents)::int from payments) as "paymentCents",
         (select sum(request_count)::int from payments) as requests,
         (select sum(amount_cents)::int from nacha_files) as "fileCents",
         (select count(*)::int from cycles where status <> 'closed' or stuck_at is not null) as unfinished`,
    );
    expect(sums).toEqual({
      payables: requests,
      paid: requests,
      requests,
      payableCents: cents,
      paymentCents: cents,
      fileCents: cents,
      unfinished: 0,
    });
    const differing = await stage.rows(
      `select payment_id from payments join payables using (payment_id) group by payments.payment_id
       having sum(payables.amount_cents) <> payments.amount_cents or count(*) <> request_count`,
    );
    expect(differing).toEqual([]);
    const visible = readdirSync(stage.outbox).filter((name) => name.endsWith('.ach'));
    const files = await stage.rows(`select file_name as name, amount_cents::int as cents from nacha_files`);
    expect(visible.sort()).toEqual(files.map(({ name }) => name).sort());
    for (const { name, cents: creditsCents } of files) {
      const bytes = readFileSync(join(stage.outbox, name));
      expect(await validateAch(bytes, { severities: strictest })).toMatchObject({
        valid: true,
        creditsCents,
      });
    }
  };

  const announcedOnce = async (requests: number): Promise<void> => {
    const announced = () =>
      stage
        .said(PayoutsScheduled)
        .flatMap((body) => body.requests as { requestId: string }[])
        .map(({ requestId }) => requestId);
    await eventually(() => announced().length >= requests);
    const [{ closed }] = (await stage.rows(`select count(*)::int as closed from cycles`)) as [
      { closed: number },
    ];
    await eventually(() => stage.said(PayoutsClosed).length >= closed);
    expect(new Set(announced()).size).toBe(announced().length);
    expect(announced()).toHaveLength(requests);
    const sent = stage.said(PayoutsSent).flatMap((body) => body.payments as { paymentId: string }[]);
    expect(new Set(sent.map(({ paymentId }) => paymentId)).size).toBe(sent.length);
  };

  it('close at once while approvals still come, and pay every request once', async () => {
    let requests = 0;
    let cents = 0;
    const approving = async (): Promise<void> => {
      for (let round = 1; round <= 12; round += 1) {
        const some = [1, 2, 3, 4, 5].map((payee): [string, number, number] => [
          `race-${round}-${payee}`,
          payee,
          100 * payee + round,
        ]);
        await stage.approve(...some);
        requests += some.length;
        cents += some.reduce((sum, [, , amount]) => sum + amount, 0);
      }
    };
    let isOver = false;
    const closing = closers().map(async (closer) => {
      while (!isOver) await closer.closeNow('race');
    });
    await approving();
    isOver = true;
    await Promise.all(closing);
    await closers()[0]!.closeNow('the rest');
    await expectAllPaidOnce(requests, cents);
    await announcedOnce(requests);
  }, 120_000);

  it('do so even when both believe that it is their turn', async () => {
    const [before] = await stage.rows(
      `select count(*)::int as requests, sum(amount_cents)::int as cents from payables`,
    );
    const both = closers().map(({ needs }) => needs);
    let requests = before!.requests as number;
    for (let round = 1; round <= 4; round += 1) {
      await stage.approve(
        ...[1, 2, 3].map((payee): [string, number, number] => [`lost-${round}-${payee}`, payee, 7]),
      );
      requests += 3;
      await Promise.all(
        [...both, ...both].map((needs) => closeCycle(needs, { cycleId: uuidV7(), reason: 'lost' })),
      );
    }
    for (const needs of both) await resumeCycles(needs);
    await expectAllPaidOnce(requests, before!.cents + 12 * 7);
    await announcedOnce(requests);
  }, 120_000);
});
