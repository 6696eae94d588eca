import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MessagingRuntime } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';
import { LogPort, type Clock } from '@remitflow/service';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { payout, PayoutModule } from '../payout.module.ts';
import { PayoutConfig } from '../config.ts';
import { AccountNumbers } from '../outbound/account-numbers.ts';
import { RailGateway } from '../outbound/rail.gateway.ts';
import { CycleCloser } from './cycle-closer.ts';
import { Desk } from './desk.ts';
import { RailOutfit } from './rail-outfit.ts';
import { aRail, aPayee, openStage, type Stage } from './payout.builder.ts';

describe('closing by the clock', () => {
  let stage: Stage<TestService>;

  beforeAll(async () => {
    const rail = aRail();
    const opened = await openTestService({ definition: payout, module: PayoutModule }, rail.environment);
    stage = await openStage(opened, rail, eventually);
    await stage.tellPayees(aPayee(1));
    await stage.rows(`update cut_off_watch set since = '2026-11-20T12:00:00Z'`);
  }, 60_000);

  afterAll(() => stage.close());

  /** Another payout process on the same database, at another time. */
  const closerAt = (now: string, cutOff = '16:00'): CycleCloser => {
    const { app } = stage.service;
    const clock: Clock = { now: () => new Date(now) };
    const config = Object.assign(new PayoutConfig(), app.get(PayoutConfig), { cutOff });
    const desk = new Desk(app.get(MessagingRuntime), app.get(Database), clock);
    const outfit = new RailOutfit(app.get(RailGateway), app.get(AccountNumbers), config);
    return new CycleCloser(desk, outfit, app.get(LogPort));
  };

  const cycles = () =>
    stage.rows(
      `select to_char(cut_off at time zone 'UTC', 'MM-DD HH24:MI') as cut_off, payments, effective_date::text
       from cycles left join nacha_files using (cycle_id) where cut_off is not null order by cycles.cut_off`,
    );

  it('closes once at each cut-off, whoever looks at the clock', async () => {
    await stage.approve(['a', 1, 100]);
    await closerAt('2026-11-20T20:59:59Z').keepUp();
    expect(await cycles()).toEqual([]);

    await closerAt('2026-11-20T21:00:00Z').keepUp();
    await stage.approve(['b', 1, 200]);
    await closerAt('2026-11-20T21:00:05Z').keepUp();
    await closerAt('2026-11-22T12:00:00Z').keepUp();
    expect(await cycles()).toEqual([{ cut_off: '11-20 21:00', payments: 1, effective_date: '2026-11-23' }]);

    await closerAt('2026-11-23T21:00:00Z', 'off').keepUp();
    expect(await cycles()).toHaveLength(1);
  });

  it('makes up for the last cut-off after a time out of service, and for no other', async () => {
    await closerAt('2026-11-26T12:00:00Z').keepUp(); // Thanksgiving: the last cut-off was on Wednesday
    expect((await cycles()).slice(1)).toEqual([
      { cut_off: '11-25 21:00', payments: 1, effective_date: '2026-11-30' },
    ]);
  });

  it('leaves cut-offs alone that passed before this payout existed', async () => {
    await stage.rows(`update cut_off_watch set since = '2026-11-30T21:00:01Z'`);
    await closerAt('2026-11-30T22:00:00Z').keepUp();
    expect(await cycles()).toHaveLength(2);
  });

  it('refuses the 37th file of a day and leaves its payables open', async () => {
    await stage.approve(['c', 1, 300]);
    await stage.rows(
      `with made as (
         insert into cycles (cycle_id, reason, status, formed_at, payments, requests, amount_cents, held_back)
         select gen_random_uuid(), 'spec', 'closed', now(), 0, 0, 0, '{}' from generate_series(1, 36)
         returning cycle_id
       )
       insert into nacha_files (cycle_id, file_name, odfi_routing, immediate_destination, created_on, created_time,
         file_id_modifier, effective_date, header, entries, amount_cents)
       select cycle_id, cycle_id::text, '091000019', '091000019', '2026-12-01', '1200',
         row_number() over ()::text, '2026-12-02', '{}', 0, 0 from made`,
    );
    await expect(closerAt('2026-12-01T17:00:00Z').closeNow('spec')).rejects.toThrow(/too-many-files-today/);
    expect(await stage.rows('select payment_id from payables where amount_cents = 300')).toEqual([
      { payment_id: null },
    ]);
    const [next] = await closerAt('2026-12-02T17:00:00Z').closeNow('spec');
    expect((await stage.ask(`/cycles/${next}`)).answer).toMatchObject({ paidCents: 300 });
  });
});
