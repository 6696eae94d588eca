import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { remittance, RemittanceModule } from '../remittance.module.ts';
import { splitFact, world } from '../use-cases/world.builder.ts';
import { drive, readBack, type Cycle, type Driver, type Place } from './driver.builder.ts';

/** A page says some ten thousand: these are two. */
const claims = 14_000;

const folder = mkdtempSync(join(tmpdir(), 'remittance-'));
let service: TestService;
let driver: Driver;

beforeAll(async () => {
  service = await openTestService(
    { definition: remittance, module: RemittanceModule },
    { REMITTANCES_DIR: folder },
  );
  driver = await drive({ url: service.url, speakAs: service.speakAs, eventually });
}, 60_000);

afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

describe('a remittance too large for one transaction', () => {
  it('is posted page by page, each result once, also when it dies between two pages', async () => {
    const { facts, closed, cycleId, paymentId, paid, amountCents } = world(claims);
    await service.database.query(
      `create function die() returns trigger language plpgsql as $$
       begin
         if exists (select from explained_parts) then raise exception 'dies at the second page'; end if;
         return null;
       end $$`,
    );
    await service.database.query(
      `create trigger dies before insert on explained_parts for each statement execute function die()`,
    );
    await driver.say([...facts.flatMap(splitFact), closed]);
    const said = () => driver.posted.filter((body) => body.paymentId === paymentId);
    const saidRequests = () => said().flatMap(({ requests }) => requests);
    await eventually(() => saidRequests().length >= 10_000, 60_000);
    const [half] = await service.database.query(
      `select state, sha256 is not null as written, (select count(*)::int from remittance_pages) as pages
         from remittances where payment_id = $1`,
      [paymentId],
    );
    expect(half).toEqual({ state: 'due', written: true, pages: 1 });
    expect(await driver.get<Cycle>(`/cycles/${cycleId}`)).toMatchObject({ complete: false, posted: 0 });

    await service.database.query(`drop trigger dies on explained_parts`);
    await service.database.query(`update remittances set try_after = null where state = 'due'`);
    const { files } = await driver.completed(cycleId);
    await eventually(() => saidRequests().length >= claims, 30_000);
    expect(
      said()
        .map(({ part }) => part)
        .sort((a, b) => a - b),
    ).toEqual(said().map((_, index) => index + 1));
    expect(saidRequests()).toHaveLength(claims);
    expect(new Map(saidRequests().map(({ requestId, paidCents }) => [requestId, paidCents]))).toEqual(
      new Map(paid.map(({ requestId, paidCents }) => [requestId, paidCents])),
    );
    expect(await service.database.query(`select 1 from remittance_pages`)).toEqual([]);

    const { advice } = await readBack(files[0]!);
    expect(advice).toMatchObject({ amountCents });
    expect(advice.claims.map(({ claimId }) => claimId)).toEqual(paid.map(({ claimId }) => claimId));
    const bytes = readFileSync(files[0]!);
    for (const { requestId, claimId, paidCents } of [paid[0]!, paid[9_999]!, paid.at(-300)!, paid.at(-1)!]) {
      const [place] = await driver.get<Place[]>(`/requests/${requestId}`);
      expect(place).toMatchObject({ kind: 'payment', paidCents, path: files[0] });
      expect(bytes.toString('utf8', place!.byteOffset, place!.byteOffset + 60).split('*', 2)).toEqual([
        'CLP',
        claimId,
      ]);
    }
  }, 120_000);

  it('counts what is said of a request again once, in whatever parts it comes', async () => {
    const { facts, closed, cycleId, paid, amountCents } = world(40);
    const [payee, first, ...rest] = facts;
    const others = world(1);
    const again = {
      contract: first!.contract,
      body: { ...first!.body, requests: [...paid.slice(10, 20), ...others.paid, ...paid.slice(30)] },
    };
    await driver.say([payee!, again]);
    await eventually(
      async () =>
        (
          await service.database.query(`select 1 from decided_requests where request_id = $1`, [
            paid[30]!.requestId,
          ])
        ).length === 1,
    );
    await driver.say([first!, ...rest, ...rest, closed]);
    const { files } = await driver.completed(cycleId);
    const { advice } = await readBack(files[0]!);
    expect(advice).toMatchObject({ amountCents });
    expect(advice.claims.map(({ claimId }) => claimId).sort()).toEqual(
      paid.map(({ claimId }) => claimId).sort(),
    );
    const bytes = readFileSync(files[0]!);
    for (const { requestId, claimId } of paid) {
      const places = await driver.get<Place[]>(`/requests/${requestId}`);
      expect(places).toHaveLength(1);
      const found = bytes.toString('utf8', places[0]!.byteOffset, places[0]!.byteOffset + 60);
      expect(found.split('*', 2)).toEqual(['CLP', claimId]);
    }
  }, 60_000);
});
