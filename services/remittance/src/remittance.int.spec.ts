import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  itemsPerFactMax,
  PayeesChanged,
  PayoutsSent,
  RequestsApproved,
  type BodyOf,
} from '@remitflow/contracts';
import { parseDollars, uuidV7 } from '@remitflow/kernel';
import { eventually, openTestService, RecordingOutbox, type TestService } from '@remitflow/testing';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { payerOf, RemittanceConfig } from './config.ts';
import { drive, readBack, type Cycle, type Driver, type Place } from './inbound/driver.builder.ts';
import { RemittanceFiles } from './outbound/remittance-files.gateway.ts';
import { packJson } from './outbound/claim-pack.ts';
import { openStores } from './outbound/work.ts';
import { remittance, RemittanceModule } from './remittance.module.ts';
import { issueRemittance } from './use-cases/issue-remittance.ts';
import { writeRemittance } from './use-cases/write-remittance.ts';
import { splitFact, world, type Said } from './use-cases/world.builder.ts';

let service: TestService;
const folder = mkdtempSync(join(tmpdir(), 'remittance-'));
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

/** Facts of two speakers may overtake each other; a person closes a cycle after the decisions. */
const denialsKnown = (submissionId: string, denied: number): Promise<unknown> =>
  eventually(
    async () => (await get<{ denied: number }>(`/submissions/${submissionId}/denials`)).denied === denied,
  );

describe('remittance', () => {
  it('writes one balanced 835 per payment, in whatever order the facts come', async () => {
    const orders = fc.record({
      approved: fc.integer({ min: 1, max: 7 }),
      seeds: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 }),
    });
    await fc.assert(
      fc.asyncProperty(orders, async ({ approved, seeds }) => {
        const { facts, closed, cycleId, paymentId, amountCents, trnReference, paid } = world(approved);
        const shuffled = [...facts, closed].map((fact, index) => ({
          fact,
          at: seeds[index % seeds.length]!,
        }));
        await say(shuffled.sort((a, b) => a.at - b.at).map(({ fact }) => fact));
        const { posted: count, paidCents, files } = await completed(cycleId);
        expect({ count, paidCents, files: files.length }).toEqual({
          count: 1,
          paidCents: amountCents,
          files: 1,
        });
        const { advice } = await readBack(files[0]!);
        expect(advice).toMatchObject({
          amountCents,
          traceNumber: trnReference,
          effectiveDate: '2026-11-24',
          method: 'ACH',
          payerTaxId: '841234567',
        });
        expect(advice.claims.map((claim) => [claim.claimId, claim.paidCents])).toEqual(
          paid.map((request) => [request.claimId, request.paidCents]),
        );
        await eventually(() => posted.some((body) => body.paymentId === paymentId));
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  it('says of every request where its CLP stands, and cuts a large remittance into facts', async () => {
    const { facts, closed, cycleId, paymentId, paid } = world(2 * itemsPerFactMax + 100);
    const [payees, ...rest] = facts.flatMap(splitFact);
    await say([payees!, ...rest, closed]);
    const { files } = await completed(cycleId);
    const bytes = readFileSync(files[0]!);
    for (const { requestId, claimId, paidCents } of [paid[0]!, paid[itemsPerFactMax]!, paid.at(-1)!]) {
      const [place] = await get<Place[]>(`/requests/${requestId}`);
      expect(place).toMatchObject({ kind: 'payment', paidCents, path: files[0] });
      expect(bytes.toString('utf8', place!.byteOffset).split('*', 2)).toEqual(['CLP', claimId]);
      expect(bytes.toString('utf8', 0, place!.byteOffset).split('~')).toHaveLength(place!.segmentOrdinal);
    }
    const parts = await eventually(() => {
      const found = posted.filter((body) => body.paymentId === paymentId);
      return found.length === 3 ? found : undefined;
    });
    expect(parts.map((part) => part.part).sort()).toEqual([1, 2, 3]);
    const results = parts.flatMap((part) => part.requests);
    expect(new Map(results.map((result) => [result.requestId, result.paidCents]))).toEqual(
      new Map(paid.map((request) => [request.requestId, request.paidCents])),
    );
  }, 30_000);

  it('explains what was denied in a zero-pay 835 with a number of its own, once', async () => {
    const { facts, closed, cycleId, submissionId, refused } = world(2, 3);
    await say(facts);
    await denialsKnown(submissionId, 3);
    await say([closed]);
    const { files } = await completed(cycleId);
    expect(files).toHaveLength(2);
    const [denial] = await get<{ path: string; trnReference: string }[]>(
      `/remittances?cycleId=${cycleId}&kind=denial`,
    );
    const { advice } = await readBack(denial!.path);
    expect(advice).toMatchObject({ method: 'NON', amountCents: 0, traceNumber: denial!.trnReference });
    expect(denial!.trnReference).toMatch(/^D\d{9}$/);
    expect(advice.claims.map((claim) => [claim.claimId, claim.status, claim.paidCents])).toEqual(
      refused.map((request) => [request.claimId, '4', 0]),
    );
    const next = world(1);
    await say([...next.facts, next.closed]);
    expect((await completed(next.cycleId)).files).toHaveLength(1);
  });

  it('explains denials of a cycle that pays nothing', async () => {
    const { facts, closed, cycleId, submissionId, refused } = world(0, 1);
    await say(facts);
    await denialsKnown(submissionId, 1);
    await say([closed]);
    const { files } = await completed(cycleId);
    expect((await readBack(files[0]!)).advice.claims[0]!.claimId).toBe(refused[0]!.claimId);
  });

  it('says nothing twice when every fact comes again under other ids', async () => {
    const { facts, closed, cycleId, submissionId, paymentId, paid, refused } = world(3, 2);
    await say(facts);
    await denialsKnown(submissionId, 2);
    await say([closed]);
    const { files } = await completed(cycleId);
    const again = world(1);
    await say([...facts, closed, ...facts, ...again.facts, again.closed]);
    await completed(again.cycleId);
    expect((await get<Cycle>(`/cycles/${cycleId}`)).files).toEqual(files);
    await eventually(() => posted.some((body) => body.paymentId === again.paymentId));
    expect(posted.filter((body) => body.paymentId === paymentId)).toHaveLength(1);
    for (const { requestId } of [...paid, ...refused]) {
      expect(await get<Place[]>(`/requests/${requestId}`)).toHaveLength(1);
    }
  });

  it('does not write an 835 that does not come to the payment; shows why, and goes on', async () => {
    const { facts, closed, cycleId, trnReference } = world(2);
    for (const { contract, body } of facts)
      if (contract === PayoutsSent) (body as BodyOf<typeof PayoutsSent>).payments[0]!.amountCents += 1;
    await say([...facts, closed]);
    const failed = await eventually(async () => {
      const [found] = await get<{ remittanceId: string; failure: object; path: string | null }[]>(
        `/remittances?cycleId=${cycleId}&state=failed`,
      );
      return found;
    });
    expect(failed).toMatchObject({ path: null, failure: { code: 'remittance.amount-differs' } });
    expect(readdirSync(folder).filter((name) => name.includes(trnReference))).toEqual([]);
    expect(await get(`/cycles/${cycleId}`)).toMatchObject({ closed: true, complete: false, posted: 0 });
    const next = world(1);
    await say([...next.facts, next.closed]);
    await completed(next.cycleId);
    await service.database.query(
      `update remittances set amount_cents = amount_cents - 1 where state = 'failed'`,
    );
    const retry = `${service.url}/remittances/${failed.remittanceId}/retry`;
    expect((await fetch(retry, { method: 'POST' })).status).toBe(202);
    await completed(cycleId);
    expect((await fetch(retry, { method: 'POST' })).status).toBe(409);
  });

  it('goes on when one remittance meets what nobody has foreseen, and sets it aside with its cause', async () => {
    const [broken, blocked, next] = [world(1), world(1), world(1)];
    const { requestId } = broken.paid[0]!;
    const isDecision = ({ contract }: Said): boolean => contract === RequestsApproved;
    await say(broken.facts.filter(isDecision));
    await eventually(
      async () =>
        (
          await service.database.query(
            `update decided_parts set claims = $2 from decided_requests
              where decided_requests.part_id = decided_parts.part_id and request_id = $1 returning 1`,
            [requestId, packJson([{ requestId: 'x' }])],
          )
        ).length === 1,
    );
    const inTheWay = join(folder, `1234567893.20261124.${blocked.trnReference}.835`);
    mkdirSync(join(inTheWay, 'x'), { recursive: true });
    await say([...broken.facts.filter((fact) => !isDecision(fact)), broken.closed]);
    await say([...blocked.facts, blocked.closed, ...next.facts, next.closed]);
    await completed(next.cycleId);

    rmSync(inTheWay, { recursive: true });
    expect((await completed(blocked.cycleId)).files).toEqual([inTheWay]);

    const failed = await eventually(async () => {
      await service.database.query(`update remittances set try_after = null where state = 'due'`);
      const [found] = await get<{ remittanceId: string; failure: object; state: string }[]>(
        `/remittances?cycleId=${broken.cycleId}&state=failed`,
      );
      return found;
    });
    expect(failed.failure).toMatchObject({ code: 'TypeError', message: expect.stringContaining('every') });
    await service.database.query(
      `update decided_parts set claims = $2 from decided_requests
        where decided_requests.part_id = decided_parts.part_id and request_id = $1`,
      [requestId, packJson(broken.paid)],
    );
    await fetch(`${service.url}/remittances/${failed.remittanceId}/retry`, { method: 'POST' });
    await completed(broken.cycleId);
  }, 30_000);

  it('makes the same file again when it died between writing and posting', async () => {
    await service.database.query(`alter table explained_parts add constraint dies check (false) not valid`);
    const { facts, closed, cycleId, paymentId, trnReference } = world(4);
    await say([...facts, closed]);
    const name = await eventually(() =>
      readdirSync(folder).find((found) => found.endsWith(`${trnReference}.835`)),
    );
    const first = readFileSync(join(folder, name));
    await service.database.query(`alter table explained_parts drop constraint dies`);
    const { files } = await completed(cycleId);
    expect(files).toEqual([join(folder, name)]);
    expect(readFileSync(files[0]!).equals(first)).toBe(true);
    await eventually(() => posted.some((body) => body.paymentId === paymentId));
    expect(posted.filter((body) => body.paymentId === paymentId)).toHaveLength(1);
    expect(readdirSync(folder).filter((found) => !found.endsWith('.835'))).toEqual([]);
  });

  it('is posted by one of several processes that come to it at one moment', async () => {
    await service.database.query(`alter table explained_parts add constraint dies check (false) not valid`);
    const { facts, closed, cycleId, paymentId, trnReference } = world(4);
    await say([...facts, closed]);
    await eventually(() => readdirSync(folder).some((found) => found.endsWith(`${trnReference}.835`)));
    const config = service.app.get(RemittanceConfig);
    const settings = { payer: payerOf(config), filingIndicator: config.claimFilingIndicator };
    const elsewhere = new RemittanceFiles(join(folder, 'elsewhere'));
    const { due, sha256 } = await service.database.transaction(async (tx) => {
      const stores = openStores(tx);
      const [due] = await stores.remittances.numbered(new Date('2100-01-01'), 1);
      const taken = await eventually(() => stores.remittances.take(due!.remittanceId));
      return { due: due!, ...(await writeRemittance({ ...stores, files: elsewhere }, taken, settings)) };
    });
    const outboxes = [new RecordingOutbox(), new RecordingOutbox(), new RecordingOutbox()];
    await service.database.query(`alter table explained_parts drop constraint dies`);
    await Promise.all(
      outboxes.map((outbox) =>
        service.database.transaction((tx) =>
          issueRemittance({ ...openStores(tx), files: elsewhere, outbox }, due.remittanceId, settings),
        ),
      ),
    );
    const { files } = await completed(cycleId);
    expect(createHash('sha256').update(readFileSync(files[0]!)).digest('hex')).toBe(sha256);
    const times = (): number =>
      outboxes.flatMap((outbox) => outbox.said).length +
      posted.filter((body) => body.paymentId === paymentId).length;
    await eventually(() => times() > 0);
    expect(times()).toBe(1);
    rmSync(join(folder, 'elsewhere'), { recursive: true });
  });

  it('gives the same numbers as a table, in which nothing from outside is a formula', async () => {
    const { facts, closed, cycleId, paid, amountCents } = world(2);
    paid[0]!.claimId = '=1+1';
    await say([...facts, closed]);
    await completed(cycleId);
    const [found] = await get<{ remittanceId: string }[]>(`/remittances?cycleId=${cycleId}`);
    const text = await (await fetch(`${service.url}/remittances/${found!.remittanceId}/csv`)).text();
    const rows = parse<Record<string, string>>(text, { columns: true });
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatchObject({ claim_id: "'=1+1" });
    const paidCents = rows.reduce((sum, row) => sum + (parseDollars(row['line_paid']!) ?? NaN), 0);
    expect(paidCents).toBe(amountCents);
    for (const row of rows) expect(parseDollars(row['payment_amount']!)).toBe(amountCents);
    const download = await fetch(`${service.url}/remittances/${found!.remittanceId}/835`);
    expect((await download.text()).slice(0, 4)).toBe('ISA*');
  });

  it('echoes ids that hold the usual delimiters, under other delimiters', async () => {
    const { facts, closed, cycleId, paid } = world(1);
    paid[0]!.claimId = 'A*B:C~D^E';
    await say([...facts, closed]);
    const { files } = await completed(cycleId);
    expect((await readBack(files[0]!)).advice.claims[0]!.claimId).toBe('A*B:C~D^E');
  });

  it('keeps the highest version of a payee', async () => {
    const { facts, closed, cycleId } = world(1);
    const [payee] = (facts[0]!.body as BodyOf<typeof PayeesChanged>).payees;
    const older: Said = {
      contract: PayeesChanged,
      body: { payees: [{ ...payee!, version: 1, name: 'Old Name' }] },
    };
    await say([facts[0]!, older, ...facts.slice(1), closed]);
    const { files } = await completed(cycleId);
    expect((await readBack(files[0]!)).advice.payee).toMatchObject({
      name: 'GRAND CLINIC LLC',
      npi: '1234567893',
    });
  });

  it('answers what it does not know with a code', async () => {
    expect(await get(`/remittances/${uuidV7()}`)).toMatchObject({ code: 'remittance.unknown' });
    expect((await fetch(`${service.url}/remittances/${uuidV7()}/835`)).status).toBe(404);
    expect(await get(`/requests/${uuidV7()}`)).toEqual([]);
    expect(await get(`/cycles/${uuidV7()}`)).toMatchObject({ closed: false, complete: false, files: [] });
  });
});
