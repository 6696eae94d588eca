import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { FiguresStore } from '../outbound/figures.store.ts';
import { payout, PayoutModule } from '../payout.module.ts';
import { aPayee, aRail, openStage, type Stage } from './payout.builder.ts';

/** That the books balance at the end is asked of every spec of payout, by its stage; here it is what they say when they do not. */
describe('what payout tells of the money', () => {
  let stage: Stage<TestService>;
  let figures: FiguresStore;

  beforeAll(async () => {
    const rail = aRail();
    const opened = await openTestService({ definition: payout, module: PayoutModule }, rail.environment);
    stage = await openStage(opened, rail, eventually);
    figures = new FiguresStore(opened.database);
    await stage.tellPayees(aPayee(1));
    await stage.approve(['a', 1, 100], ['b', 1, 250]);
    await stage.ask('/cycles/close', {});
  }, 60_000);

  afterAll(() => stage.close());

  const tampered = async (table: string, change: string, back: string): Promise<number> => {
    const apply = async (sql: string): Promise<void> => {
      await stage.rows(`alter table ${table} disable trigger user`);
      await stage.rows(`update ${table} set ${sql}`);
      await stage.rows(`alter table ${table} enable trigger user`);
    };
    await apply(change);
    const cents = await figures.imbalanceCents();
    await apply(back);
    return cents;
  };

  it('is that nothing is amiss, in the words by which it is watched', async () => {
    const text = await (await fetch(`${stage.service.url}/metrics`)).text();
    const told = [...text.matchAll(/^(remitflow_payout_\w+)\{service="payout"\} 0$/gm)].map(
      ([, name]) => name,
    );
    expect(told).toHaveLength(2);
    for (const path of [
      'deploy/prometheus/rules.yml',
      'deploy/grafana/remitflow-messaging.json',
      'docs/observability.md',
    ]) {
      const asked = readFileSync(join(import.meta.dirname, '../../../..', path), 'utf8').match(
        /remitflow_payout_\w+/g,
      );
      expect([...new Set(asked)].sort()).toEqual(told.sort());
    }
  });

  it.each([
    ['payable_parts', 'amount_cents = amount_cents + 1', 'amount_cents = amount_cents - 1'],
    ['payable_parts', 'request_cents[1] = request_cents[1] + 1', 'request_cents[1] = request_cents[1] - 1'],
    ['payments', 'amount_cents = amount_cents + 1', 'amount_cents = amount_cents - 1'],
    ['payments', `status = 'returned'`, `status = 'sent'`],
    ['ledger_transfers', 'amount_cents = amount_cents + 1', 'amount_cents = amount_cents - 1'],
  ])('is an imbalance when %s says something else: %s', async (table, change, back) => {
    expect(await tampered(table, change, back)).toBeGreaterThan(0);
    expect(await figures.imbalanceCents()).toBe(0);
  });

  it('is an unknown outcome while a file is being handed over', async () => {
    await stage.rows(`update cycles set status = 'transmitting'`);
    expect(await figures.unknownOutcomes()).toBe(1);
    await stage.rows(`update cycles set status = 'closed'`);
    expect(await figures.unknownOutcomes()).toBe(0);
  });
});
