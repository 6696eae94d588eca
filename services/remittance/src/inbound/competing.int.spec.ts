import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { MessagingRuntime } from '@remitflow/messaging';
import { openService } from '@remitflow/service';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { RemittanceConfig } from '../config.ts';
import { remittance, RemittanceModule } from '../remittance.module.ts';
import { world } from '../use-cases/world.builder.ts';
import { drive, readBack, type Driver, type Place } from './driver.builder.ts';

const folder = mkdtempSync(join(tmpdir(), 'remittance-'));
let first: TestService;
let second: INestApplication;
let driver: Driver;

beforeAll(async () => {
  const parts = { definition: remittance, module: RemittanceModule };
  first = await openTestService(parts, { REMITTANCES_DIR: folder });
  ({ app: second } = await openService(parts, first.app.get(RemittanceConfig)));
  await second.init();
  await eventually(() => !second.get(MessagingRuntime).unreadiness());
  driver = await drive({ url: first.url, speakAs: first.speakAs, eventually });
}, 60_000);

afterAll(async () => {
  await second.close();
  await first.close();
  rmSync(folder, { recursive: true });
});

describe('two processes of remittance', () => {
  it('hear one queue and issue the same remittances, each once', async () => {
    const worlds = Array.from({ length: 25 }, (_, index) => world(1 + (index % 7), index % 3));
    const ofAll = worlds.flatMap(({ facts }) => facts);
    await driver.say(
      ofAll
        .map((fact, index) => ({ fact, at: (index * 37) % 101 }))
        .sort((one, other) => one.at - other.at)
        .map(({ fact }) => fact),
    );
    const denied = worlds.reduce((sum, { refused }) => sum + refused.length, 0);
    await eventually(async () => {
      const [{ known }] = (await first.database.query(
        `select coalesce(sum(requests), 0)::int as known from decided_parts where is_denied`,
      )) as [{ known: number }];
      return known === denied;
    });
    await driver.say(worlds.map(({ closed }) => closed));
    for (const { cycleId } of worlds) await driver.completed(cycleId);
    await eventually(
      async () =>
        (await first.database.query(`select 1 from remittances where state <> 'posted'`)).length === 0,
    );

    const remittances = await first.database.query<{ remittanceId: string; kind: string; fileName: string }>(
      `select remittance_id as "remittanceId", kind, file_name as "fileName" from remittances`,
    );
    expect(remittances.filter(({ kind }) => kind === 'payment')).toHaveLength(worlds.length);
    await eventually(() => driver.posted.length >= remittances.length);
    expect(driver.posted.map(({ remittanceId }) => remittanceId).sort()).toEqual(
      remittances.map(({ remittanceId }) => remittanceId).sort(),
    );
    expect(readdirSync(folder).sort()).toEqual(remittances.map(({ fileName }) => fileName).sort());
    for (const { paid, refused, amountCents, paymentId } of worlds) {
      const { fileName } = driver.posted.find((body) => body.paymentId === paymentId)!;
      expect((await readBack(join(folder, fileName))).advice).toMatchObject({ amountCents });
      for (const { requestId } of [...paid, ...refused])
        expect(await driver.get<Place[]>(`/requests/${requestId}`)).toHaveLength(1);
    }
  }, 90_000);
});
