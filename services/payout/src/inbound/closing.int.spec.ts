import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { itemsPerFactMax, PayoutsClosed, PayoutsScheduled, PayoutsSent } from '@remitflow/contracts';
import { strictest, validateAch } from '@remitflow/nacha';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { payout, PayoutModule } from '../payout.module.ts';
import { aRail, aPayee, idOf, openStage, type Stage } from './payout.builder.ts';

describe('closing a cycle', () => {
  let stage: Stage<TestService>;

  beforeAll(async () => {
    const rail = aRail();
    const opened = await openTestService({ definition: payout, module: PayoutModule }, rail.environment);
    stage = await openStage(opened, rail, eventually);
  }, 60_000);

  afterAll(() => stage.close());

  it('pays every payee once, in one file, and says so', async () => {
    await stage.tellPayees(aPayee(1), aPayee(2), aPayee(3, { status: 'suspended' }));
    await stage.approve(['a', 1, 10_000], ['b', 1, 2_550], ['c', 2, 99], ['d', 3, 700], ['e', 4, 5]);
    await stage.approve(['a', 1, 10_000]);

    const { status, answer } = await stage.ask('/cycles/close', {});
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      status: 'closed',
      payments: 2,
      requests: 3,
      paidCents: 12_649,
      heldBack: {
        payees: 2,
        requests: 2,
        cents: 705,
        reasons: { 'payee-not-active': { cents: 700 }, 'payee-unknown': { cents: 5 } },
      },
    });
    const [path] = answer.nachaFiles as string[];
    const bytes = readFileSync(path!);
    expect(await validateAch(bytes, { severities: strictest })).toMatchObject({
      valid: true,
      problems: [],
      entries: 2,
      creditsCents: 12_649,
    });
    expect(statSync(path!).mode & 0o777).toBe(0o600);
    const visible = readdirSync(stage.outbox).filter((name) => name.endsWith('.ach'));
    expect(visible).toHaveLength(1);
    expect(readFileSync(join(stage.outbox, visible[0]!))).toEqual(bytes);

    await eventually(() => stage.said(PayoutsClosed).length === 1 && stage.said(PayoutsSent).length === 1);
    expect(stage.said(PayoutsClosed)).toMatchObject([{ payments: 2, amountCents: 12_649 }]);
    expect(stage.said(PayoutsScheduled)).toHaveLength(1);

    const request = (await stage.ask(`/requests/${idOf('request/c')}`)).answer;
    const entry = bytes.toString('latin1').split('\n')[request.entryLine - 1];
    expect(entry?.slice(79, 94)).toBe(request.traceNumber);
    expect(entry?.slice(29, 39)).toBe('0000000099');
    expect(request).toMatchObject({ status: 'sent', nachaFile: path, trnReference: request.traceNumber });
  });

  it('answers a command without a body, and describes itself', async () => {
    const response = await fetch(`${stage.service.url}/cycles/close`, { method: 'POST' });
    expect(response.status).toBe(200);
    expect((await stage.ask('/openapi.json')).answer.paths).toHaveProperty('/cycles/close');
    expect((await stage.ask('/cut-off')).answer).toEqual({ next: null, timeZone: 'America/New_York' });
    expect((await stage.ask(`/submissions/${idOf('submission')}/payables`)).answer).toEqual({
      payables: 5,
      cents: 13_354,
    });
    for (const path of ['cycles', 'payments', 'requests']) {
      expect(await stage.ask(`/${path}/${idOf('nobody')}`)).toMatchObject({ status: 404 });
    }
  });

  it('thaws a frozen account when validation makes it active again, and not before', async () => {
    const account = aPayee(2).account!;
    const frozen = async () =>
      (
        await stage.rows(
          `select frozen_at is not null as frozen from accounts where account_id = '${account.accountId}'`,
        )
      )[0]?.frozen;
    await stage.rows(
      `update accounts set frozen_at = now(), frozen_at_version = version where account_id = '${account.accountId}'`,
    );
    await stage.tellPayees(aPayee(2, { version: 2, name: 'Another name' }));
    expect(await frozen()).toBe(true);
    await stage.tellPayees(aPayee(2, { version: 3, account: { ...account, status: 'suspended' } }));
    await stage.tellPayees(aPayee(2, { version: 4 }));
    expect(await frozen()).toBe(false);
  });

  it('announces a cycle of many requests in parts, each request once', async () => {
    await stage.tellPayees(aPayee(3, { version: 2 }));
    await stage.rows(
      `with many as (
         insert into payable_parts (submission_id, payee_id, requests, amount_cents, request_ids, claim_ids, request_cents)
         select gen_random_uuid(), (array['${[1, 2].map((n) => aPayee(n).payeeId).join("','")}'])[1 + n % 2]::uuid, 700, 700,
           array(select gen_random_uuid() from generate_series(n, n + 699)), array_fill('x'::text, array[700]),
           array_fill(1::bigint, array[700])
         from generate_series(1, 18) n
         returning amount_cents
       )
       insert into ledger_transfers (kind, about_id, debit_account, credit_account, amount_cents)
       select 'approved', gen_random_uuid(), 'claims-expense', 'payables', sum(amount_cents) from many`,
    );
    const heardBefore = stage.said(PayoutsScheduled).length;
    const { answer } = await stage.ask('/cycles/close', {});
    expect(answer).toMatchObject({ payments: 3, requests: 12_601, paidCents: 13_300 });
    const announced = () =>
      stage
        .said(PayoutsScheduled)
        .slice(heardBefore)
        .map(({ requests }) => requests as { requestId: string }[]);
    const runs = await eventually(
      async () => (announced().flat().length >= 12_601 ? announced() : undefined),
      60_000,
    );
    const full = runs.filter(({ length }) => length === itemsPerFactMax);
    expect([runs.length, full.length]).toEqual([7, 5]); // two pages, and at the end of each a fact that is not full
    expect(runs.flat()).toHaveLength(12_601);
    expect(new Set(runs.flat().map(({ requestId }) => requestId)).size).toBe(12_601);
  }, 90_000);

  it('takes nothing for payable that is worth nothing, and holds back nothing else for it', async () => {
    await stage.approve(['zero', 1, 0], ['good', 1, 1]);
    await eventually(async () => (await stage.rows('select 1 from dead_letters')).length === 1);
    await eventually(
      async () => (await stage.ask(`/requests/${idOf('request/good')}`)).answer.status === 'open',
    );
    expect(await stage.rows('select error_code from dead_letters')).toEqual([
      { error_code: 'payable.not-positive' },
    ]);
  });
});
