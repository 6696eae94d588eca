import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AccountsChangeNoticed,
  PayoutsReturned,
  type BodyOf,
  type PayeesChanged,
} from '@remitflow/contracts';
import { generateSealingKeys, openSeal, uuidV7 } from '@remitflow/kernel';
import type { MessagingRuntime } from '@remitflow/messaging';
import { eventually, openTestService, type TestService } from '@remitflow/testing';
import { npiOf } from '../domain/payment-request.builder.ts';
import { validation, ValidationModule } from '../validation.module.ts';

const sealing = generateSealingKeys();
const environment = {
  SEAL_PUBLIC_KEY: sealing.publicKey,
  ACCOUNT_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
  ACCOUNT_INDEX_KEY: Buffer.alloc(32, 9).toString('base64'),
};
const needle = '90817263544';
const percentNpi = npiOf(1);

describe('payees', () => {
  let service: TestService;
  let payout: MessagingRuntime;

  beforeAll(async () => {
    service = await openTestService({ definition: validation, module: ValidationModule }, environment);
    payout = await service.speakAs('payout', [PayoutsReturned, AccountsChangeNoticed]);
    const imported = await importCsv(
      `npi,tax_id,name,routing,account\n${percentNpi},12-3456789,"Elm Street, PLLC",021000021,${needle}`,
    );
    expect(imported).toMatchObject({ imported: 1, changed: 1, refused: [] });
  }, 60_000);

  afterAll(() => service.close(), 30_000);

  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> & unknown[] };
  };
  const get = async (path: string) => (await call('GET', path)).body;
  const importCsv = async (csv: string) => {
    const response = await fetch(`${service.url}/payees/import`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: csv,
    });
    return (await response.json()) as Record<string, unknown>;
  };

  it('keeps an account suspended that is imported again, and closes one that is replaced', async () => {
    const npi = npiOf(5);
    const importAccount = (account: string) =>
      importCsv(`npi,tax_id,name,routing,account\n${npi},123456789,Fir Clinic,021000021,${account}`);
    await importAccount('777001');
    const first = await payeeOf(npi);
    await sayReturned({ payeeId: first.payeeId, accountId: first.account.accountId });
    await eventually(async () => (await payeeOf(npi)).account.status === 'suspended');
    expect(await importAccount('777001')).toMatchObject({ imported: 1, changed: 0 });
    await importAccount('777002');
    expect((await payeeOf(npi)).account).toMatchObject({ status: 'active', lastDigits: '002' });
    await importAccount('777001');
    expect(await payeeOf(npi)).toMatchObject({
      version: 4,
      account: { accountId: first.account.accountId, status: 'suspended' },
    });
  });

  it("shows what the payee's bank wants changed", async () => {
    const { payeeId, account } = await payeeOf(percentNpi);
    const notice = { noticeId: uuidV7(), payeeId, accountId: account.accountId, paymentId: uuidV7() };
    await payout.work(async ({ outbox }) =>
      outbox.add(AccountsChangeNoticed, {
        notices: [{ ...notice, changeCode: 'C01', changes: ['account'] }],
      }),
    );
    const notices = () =>
      get(`/payees/${payeeId}`).then((payee) => (payee as { notices?: unknown[] }).notices ?? []);
    await eventually(async () => (await notices()).length === 1);
    expect(await notices()).toMatchObject([{ changeCode: 'C01', changes: ['account'] }]);
  });

  it('imports what is good and names what is not, with its line', async () => {
    const file = [
      '\ufeffaccount,npi,name,tax_id,routing',
      `111222,${npiOf(11)},"Quoted ""Name"", MD",123456789,021000021`,
      `111223,1234567890,Wrong Npi,123456789,021000021`,
      '',
      `111224,${npiOf(12)},Wrong Aba,123456789,021000022`,
      `111225,${npiOf(13)},Short`,
      `111226,${npiOf(14)},Good,12-3456789,021000021`,
    ].join('\r\n');
    expect(await importCsv(file)).toMatchObject({
      imported: 2,
      refused: [
        { line: 3, code: 'npi.check-digit' },
        { line: 5, code: 'account.routing-number' },
        { line: 6, code: 'csv.cell-count' },
      ],
    });
    expect(await importCsv(file)).toMatchObject({ imported: 2, changed: 0 });
    expect(await importCsv(file.replace('Good', 'Better'))).toMatchObject({ imported: 2, changed: 1 });
    expect(await payeeOf(npiOf(14))).toMatchObject({ version: 2, name: 'Better' });
    expect(await payeeOf(npiOf(11))).toMatchObject({ version: 1, name: 'Quoted "Name", MD' });
  });

  it('takes a payee with two contracts in two rows, and the same file again without news', async () => {
    const npi = npiOf(21);
    const csv = [
      'npi,tax_id,name,routing,account,account_type,contract_from,contract_to,pricing,percent',
      `${npi},123456789,Two,021000021,888001,savings,2020-01-01,2025-12-31,percent,70`,
      `${npi},123456789,Two,021000021,888001,savings,2026-01-01,,percent,90`,
    ].join('\n');
    expect(await importCsv(csv)).toMatchObject({ imported: 2, changed: 2 });
    expect(await importCsv(csv)).toMatchObject({ imported: 2, changed: 0 });
    const { payeeId } = await payeeOf(npi);
    expect(await get(`/payees/${payeeId}`)).toMatchObject({
      contracts: [
        { effectiveFrom: '2020-01-01', effectiveTo: '2025-12-31', percent: 70 },
        { effectiveFrom: '2026-01-01', percent: 90 },
      ],
    });
  });

  it('registers a payee by JSON with the same checks as a row', async () => {
    const payee = { npi: npiOf(41), taxId: '123456789', name: 'By Hand', routingNumber: '021000021' };
    const whole = { ...payee, accountNumber: '4441', percent: 33.33 };
    expect(await call('POST', '/payees', whole)).toMatchObject({ status: 200, body: { changed: true } });
    expect(await call('POST', '/payees', whole)).toMatchObject({ status: 200, body: { changed: false } });
    expect(await call('POST', '/payees', { ...whole, routingNumber: '021000022' })).toMatchObject({
      status: 422,
      body: { code: 'account.routing-number' },
    });
    const { payeeId } = await payeeOf(payee.npi);
    expect(await get(`/payees/${payeeId}`)).toMatchObject({ contracts: [{ percent: 33.33 }] });
  });

  it.each([
    ['no bytes', '', 'csv.empty'],
    ['an unknown column', 'npi,tax_id,name,routing,account,pin\n', 'csv.header'],
    ['a missing column', 'npi,tax_id,name,routing\n', 'csv.header'],
    ['an unknown column, with much behind it', `pin\n${'1\n'.repeat(4_000_000)}`, 'csv.header'],
    ['a zip', 'PK\u0003\u0004\u0000\u0000', 'csv.header'],
  ])('refuses a payee file of %s', async (_, csv, code) => {
    expect(await importCsv(csv)).toMatchObject({ code });
  });

  it('reads on after a row that cannot be read', async () => {
    const broken = `${npiOf(31)},123456789,"Broken"x,021000021,1`;
    const whole = `${npiOf(32)},123456789,Whole,021000021,999001`;
    expect(await importCsv(['npi,tax_id,name,routing,account', broken, whole].join('\n'))).toMatchObject({
      imported: 1,
      refused: [{ line: 2, code: 'csv.quotes' }],
    });
  });

  it('keeps account numbers out of tables, facts and answers', async () => {
    const payee = await payeeOf(percentNpi);
    expect(JSON.stringify(await get(`/payees/${payee.payeeId}`))).not.toContain(needle);
    const tables = await service.database.query<{ name: string }>(
      `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'`,
    );
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables) {
      const rows = await service.database.query<{ text: string }>(`select t::text as text from ${name} t`);
      expect(rows.filter(({ text }) => text.includes(needle))).toEqual([]);
    }
    const bodies = await service.database.query<{ body: Buffer }>(`select body from outbox`);
    const said = bodies.filter(({ body }) => body.length > 0).map(({ body }) => inflateSync(body).toString());
    expect(said.filter((text) => text.includes(needle))).toEqual([]);
    const changed = said.map((text) => JSON.parse(text) as Partial<BodyOf<typeof PayeesChanged>>);
    const told = changed.flatMap(({ payees = [] }) => payees).find(({ npi }) => npi === percentNpi)!.account!;
    expect(openSeal(told.sealedNumber, sealing.privateKey, told.accountId)).toBe(needle);
  });

  const payeeOf = async (npi: string) => {
    const [payee] = await get(`/payees?npi=${npi}`);
    return payee as { payeeId: string; version: number; account: { accountId: string; status: string } };
  };
  const sayReturned = (of: { payeeId: string; accountId: string }) =>
    payout.work(async ({ outbox }) =>
      outbox.add(PayoutsReturned, {
        payments: [
          {
            ...of,
            paymentId: uuidV7(),
            amountCents: 1,
            returnCode: 'R03',
            reason: 'No account',
            consequence: 'freeze-account',
            returnedOn: '2026-11-22',
            traceNumber: '091000010000001',
          },
        ],
      }),
    );
});
