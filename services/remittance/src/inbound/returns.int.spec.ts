import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BodyOf, PayoutsReturnedV2 } from '@remitflow/contracts';
import { uuidV7 } from '@remitflow/kernel';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { remittance, RemittanceModule } from '../remittance.module.ts';
import { reissueOf, world } from '../use-cases/world.builder.ts';
import { drive, readBack, type Driver, type Place } from './driver.builder.ts';

const folder = mkdtempSync(join(tmpdir(), 'remittance-'));
let service: TestService;
let posted: Driver['posted'];
let say: Driver['say'];
let get: Driver['get'];
let completed: Driver['completed'];

beforeAll(async () => {
  service = await openTestService(
    { definition: remittance, module: RemittanceModule },
    { REMITTANCES_DIR: folder },
  );
  ({ posted, say, get, completed } = await drive({ url: service.url, speakAs: service.speakAs, eventually }));
}, 60_000);

afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

describe('a payment that came back', () => {
  it('is reversed, once, also when the return is heard first', async () => {
    for (const isHeardFirst of [true, false]) {
      const { facts, closed, returned, cycleId, paymentId, paid, amountCents, trnReference } = world(3);
      await say(isHeardFirst ? [returned, ...facts, closed] : [...facts, closed, returned]);
      await say([returned]);
      const { files } = await completed(cycleId);
      const reversal = await eventually(async () => {
        const [found] = await get<
          { path: string; state: string; remittanceId: string; originalId: string }[]
        >(`/remittances?cycleId=${cycleId}&kind=reversal`);
        return found?.state === 'posted' ? found : undefined;
      });
      const original = (await readBack(files[0]!)).advice;
      const { advice } = await readBack(reversal.path);
      expect(advice).toMatchObject({ method: 'NON', amountCents: 0, effectiveDate: '2026-11-25' });
      expect(advice.providerAdjustments).toMatchObject([
        { reason: '72', reference: trnReference, amountCents: -amountCents },
      ]);
      expect(
        advice.claims.map(({ claimId, status, chargeCents, paidCents }) => [
          claimId,
          status,
          chargeCents,
          paidCents,
        ]),
      ).toEqual(
        original.claims.map(({ claimId, chargeCents, paidCents }) => [
          claimId,
          '22',
          -chargeCents,
          -paidCents,
        ]),
      );
      const said = await eventually(() => posted.find((body) => body.remittanceId === reversal.remittanceId));
      expect(said).toMatchObject({ kind: 'reversal', paymentId });
      expect(said.requests.map(({ outcome, paidCents }) => [outcome, paidCents])).toEqual(
        paid.map((request) => ['reversed', -request.paidCents]),
      );
      const [place] = (await get<Place[]>(`/requests/${paid[0]!.requestId}`)).filter(
        ({ kind }) => kind === 'payment',
      );
      expect(reversal.originalId).toBe(place!.remittanceId);
    }
  });

  it('is explained in an 835 of its own when it is paid again', async () => {
    const { facts, closed, returned, cycleId, paid, amountCents } = world(3);
    await say([...facts, closed, returned]);
    const first = await completed(cycleId);
    const again = reissueOf(facts, {
      cycleId: uuidV7(),
      paymentId: uuidV7(),
      trnReference: `RFAGAIN${cycleId.slice(0, 8)}`,
    });
    await say([...again.facts, again.closed]);
    const second = await completed(again.cycleId);
    expect(second.files).toHaveLength(1);
    expect(second.files).not.toEqual(first.files);
    const { advice } = await readBack(second.files[0]!);
    expect(advice).toMatchObject({ amountCents, traceNumber: again.trnReference, method: 'ACH' });
    expect(advice.claims.map(({ claimId }) => claimId)).toEqual(paid.map(({ claimId }) => claimId));
    const kinds = await eventually(async () => {
      const places = await get<Place[]>(`/requests/${paid[0]!.requestId}`);
      return places.length === 3 ? places.map(({ kind }) => kind) : undefined;
    });
    expect(kinds.sort()).toEqual(['payment', 'payment', 'reversal']);
    const outcomes = await eventually(() => {
      const said = posted.filter(({ requests }) => requests[0]!.requestId === paid[0]!.requestId);
      return said.length === 3 ? said : undefined;
    });
    expect(outcomes.map(({ requests }) => requests[0]!.outcome).sort()).toEqual(['paid', 'paid', 'reversed']);

    await say([again.returned]);
    await eventually(
      async () =>
        (await get<{ state: string }[]>(`/remittances?cycleId=${again.cycleId}&kind=reversal`))[0]?.state ===
        'posted',
    );
    const [old] = await get<{ path: string }[]>(`/remittances?cycleId=${cycleId}&kind=reversal`);
    expect((await readBack(old!.path)).advice.claims).toHaveLength(3);
  }, 30_000);

  it('because its file was refused is reversed alike, whenever that is heard', async () => {
    for (const isHeardFirst of [true, false]) {
      const { facts, closed, returned, cycleId } = world(2);
      const [payment] = (returned.body as BodyOf<typeof PayoutsReturnedV2>).payments;
      delete payment!.returnCode;
      Object.assign(payment!, { sentBackBy: 'own-bank', reason: 'File refused', consequence: 'none' });
      if (isHeardFirst) {
        await say([returned]);
        await say([...facts, closed]);
      } else {
        await say([...facts, closed]);
        await completed(cycleId);
        await say([returned]);
      }
      const reversal = await eventually(async () => {
        const [found] = await get<{ path: string; state: string; returned: object }[]>(
          `/remittances?cycleId=${cycleId}&kind=reversal`,
        );
        return found?.state === 'posted' ? found : undefined;
      });
      expect(reversal.returned).toMatchObject({ sentBackBy: 'own-bank', code: null });
      expect((await readBack(reversal.path)).advice.claims).toHaveLength(2);
      expect(await completed(cycleId)).toMatchObject({ posted: 1 });
    }
  }, 30_000);
});
