import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PayoutsClosed, PayoutsScheduled, PayoutsSent } from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import { MessagingRuntime } from '@remitflow/messaging';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { payout, PayoutModule } from '../payout.module.ts';
import { closeCycle, resumeCycles, resumeStuckCycle } from '../use-cases/close-cycle.ts';
import type { ClosingNeeds } from '../use-cases/closing.ts';
import { CycleCloser } from './cycle-closer.ts';
import { aRail, accountOf, aPayee, openStage, type Stage } from './payout.builder.ts';

class Crash extends Error {}

describe('closing a cycle that crashes', () => {
  let stage: Stage<TestService>;
  let needs: ClosingNeeds;
  let round = 0;

  beforeAll(async () => {
    const rail = aRail();
    const opened = await openTestService({ definition: payout, module: PayoutModule }, rail.environment);
    stage = await openStage(opened, rail, eventually);
    await stage.tellPayees(...[1, 2, 3].map((n) => aPayee(n)));
    needs = stage.service.app.get(CycleCloser).needs;
  }, 60_000);

  afterAll(() => stage.close());

  const visible = (): string[] => readdirSync(stage.outbox).filter((name) => name.endsWith('.ach'));

  const approveRound = async (): Promise<void> => {
    round += 1;
    await stage.approve(
      [`a${round}`, 1, 100],
      [`b${round}`, 1, 200],
      [`c${round}`, 2, 300],
      [`d${round}`, 3, 400],
    );
  };

  /** Every checkpoint that a calm close passes, in order. */
  const checkpoints = [
    'forming',
    'formed-uncommitted',
    'formed',
    'announcing',
    'announced',
    'file-written',
    'file-kept',
    'built',
    'transmitting',
    'visible',
    'closing',
    'closed',
  ];

  /** Crashes at the point given; with the service's own job off the stage, only this spec resumes. */
  const crashingAt = (point: string): ClosingNeeds => ({
    ...needs,
    checkpoint: (name) => {
      if (name === point) throw new Crash(point);
    },
  });

  const hold = async <T>(work: () => Promise<T>): Promise<T> => {
    const outcome = await eventually(() =>
      stage.service.database.whileLeading('payout/close', () =>
        work().then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        ),
      ),
    );
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  };

  it('passes the checkpoints that this spec crashes at', async () => {
    await approveRound();
    const passed: string[] = [];
    const order = { cycleId: uuidV7(), reason: 'spec' };
    await hold(() => closeCycle({ ...needs, checkpoint: (name) => passed.push(name) }, order));
    expect(passed).toEqual(checkpoints);
  });

  it.each(checkpoints)('at %s pays everybody once all the same', async (point) => {
    await approveRound();
    const filesBefore = visible().length;
    const heardBefore = stage.heard.length;
    const order = { cycleId: uuidV7(), reason: 'spec' };
    await hold(async () => {
      await expect(closeCycle(crashingAt(point), order)).rejects.toThrow(Crash);
      mkdirSync(join(stage.outbox, 'bank'), { recursive: true }); // the bank may be as quick as it likes
      for (const name of visible()) {
        renameSync(join(stage.outbox, name), join(stage.outbox, 'bank', name));
      }
      await resumeCycles(needs);
      if (point.startsWith('form') && point !== 'formed') await closeCycle(needs, order);
    });

    const cycle = (await stage.ask(`/cycles/${order.cycleId}`)).answer;
    expect(cycle).toMatchObject({ status: 'closed', payments: 3, requests: 4, paidCents: 1_000 });
    const everSeen = [...visible(), ...readdirSync(join(stage.outbox, 'bank'))];
    const name = cycle.nachaFiles[0].split('/').at(-1);
    expect(everSeen.filter((seen) => seen === name)).toHaveLength(1);
    expect(visible().length).toBeLessThanOrEqual(filesBefore + 1);
    expect(
      await stage.rows(`select payee_id from payments where cycle_id = '${order.cycleId}'`),
    ).toHaveLength(3);
    const ofCycle = (fact: { name: string }) =>
      stage.heard
        .slice(heardBefore)
        .filter(({ type, body }) => type === fact.name && body.cycleId === order.cycleId);
    await eventually(() => ofCycle(PayoutsClosed).length > 0 && ofCycle(PayoutsSent).length > 0);
    for (const fact of [PayoutsScheduled, PayoutsSent, PayoutsClosed]) expect(ofCycle(fact)).toHaveLength(1);
  });

  it('never lays a file ready again that the bank may have seen', async () => {
    await approveRound();
    const order = { cycleId: uuidV7(), reason: 'spec' };
    await hold(async () => {
      await expect(closeCycle(crashingAt('visible'), order)).rejects.toThrow(Crash);
      for (const name of visible()) rmSync(join(stage.outbox, name));
      await resumeCycles(needs);
    });
    expect(visible()).toEqual([]);
  });

  it('lays the same bytes ready again when they were lost before anybody could see them', async () => {
    await approveRound();
    const order = { cycleId: uuidV7(), reason: 'spec' };
    const before = await hold(async () => {
      await expect(closeCycle(crashingAt('built'), order)).rejects.toThrow(Crash);
      const kept = join(stage.outbox, 'kept', readdirSync(join(stage.outbox, 'kept')).sort().at(-1)!);
      for (const name of readdirSync(stage.outbox).filter((found) => found.endsWith('.ready'))) {
        rmSync(join(stage.outbox, name));
      }
      const bytes = existsSync(kept);
      await resumeCycles(needs);
      return bytes;
    });
    expect(before).toBe(true);
    expect((await stage.ask(`/cycles/${order.cycleId}`)).answer).toMatchObject({ status: 'closed' });
    expect(visible()).toHaveLength(1);
  });

  it('sends no file that does not balance', async () => {
    await approveRound();
    const order = { cycleId: uuidV7(), reason: 'spec' };
    const before = visible();
    const tamper = (by: number) =>
      stage.rows(
        `update payments set amount_cents = amount_cents + ${by} where cycle_id = '${order.cycleId}'
           and payee_id = '${aPayee(1).payeeId}'`,
      );
    await hold(async () => {
      await expect(closeCycle(crashingAt('announced'), order)).rejects.toThrow(Crash);
      await tamper(1);
      expect(await resumeCycles(needs)).toEqual([]);
      await expect(resumeStuckCycle(needs, order.cycleId)).rejects.toThrow(/does-not-balance/);
      expect(visible()).toEqual(before);
      await tamper(-1);
      await resumeStuckCycle(needs, order.cycleId);
    });
    expect((await stage.ask(`/cycles/${order.cycleId}`)).answer).toMatchObject({ status: 'closed' });
  });

  it('lets two closes at once pay nobody twice', async () => {
    await approveRound();
    await approveRound();
    const closes = await Promise.all([1, 2, 3].map(() => stage.ask('/cycles/close', {})));
    expect(closes.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(closes.map(({ answer }) => answer.paidCents).sort()).toEqual([0, 0, 2_000]);
  });

  it('pays nobody twice even when the lock of closing is lost', async () => {
    await approveRound();
    const paid = async () =>
      (await stage.rows('select coalesce(sum(amount_cents), 0)::int as cents from payments'))[0]!.cents;
    const before = await paid();
    await Promise.all([1, 2, 3].map(() => closeCycle(needs, { cycleId: uuidV7(), reason: 'spec' })));
    await resumeCycles(needs);
    expect((await paid()) - before).toBe(1_000);
  });

  it('does a cut-off once', async () => {
    await approveRound();
    const cutOff = new Date('2026-11-20T21:00:00Z');
    const orders = [1, 2].map(() => ({ cycleId: uuidV7(), reason: 'cut-off', cutOff }));
    const done = await Promise.all(orders.map((order) => closeCycle(needs, order)));
    expect(done.sort()).toEqual([false, true]);
  });

  it('closes an empty cycle so that denials are explained', async () => {
    const { answer } = await stage.ask('/cycles/close', {});
    expect(answer).toMatchObject({ status: 'closed', payments: 0, nachaFiles: [] });
    await eventually(() => stage.said(PayoutsClosed).some(({ cycleId }) => cycleId === answer.cycleId));
  });

  it('keeps account numbers in the NACHA file alone', async () => {
    const needles = [1, 2, 3].map((n) => accountOf(n));
    const tables = await stage.rows(`select tablename from pg_tables where schemaname = 'public'`);
    expect(tables.length).toBeGreaterThan(10);
    for (const { tablename } of tables) {
      const text = JSON.stringify(await stage.rows(`select t::text from "${tablename}" t`));
      for (const needle of needles) expect(text).not.toContain(needle);
    }
    const said = JSON.stringify([stage.heard, (await stage.ask('/payments')).answer]);
    for (const needle of needles) expect(said).not.toContain(needle);
    const [file] = readdirSync(join(stage.outbox, 'kept')).filter((name) => name.endsWith('.ach'));
    expect(readFileSync(join(stage.outbox, 'kept', file!), 'latin1')).toContain(needles[0]);
  });

  it('says nothing twice and holds nothing back', async () => {
    const runtime = stage.service.app.get(MessagingRuntime);
    await eventually(async () => (await runtime.backlog()).rows === 0);
    const ids = stage.heard.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const [sums] = await stage.rows(
      `select (select sum(amount_cents) from payables)::int as payables, (select sum(amount_cents) from payments)::int as payments,
         (select sum(amount_cents) from nacha_files)::int as files`,
    );
    expect(sums).toEqual({ payables: sums!.payments, payments: sums!.payments, files: sums!.payments });
  });
});
