import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@remitflow/kernel';
import { openTestDatabase, type TestDatabase } from '@remitflow/testing';
import { encodeBody } from '../core/body.ts';
import type { Envelope } from '../core/envelope.ts';
import type { Arrival } from '../ports/store.ts';
import { messageTables } from './migrations.ts';
import { factsSaid } from './outbox-figures.ts';
import { PostgresStore } from './postgres-store.ts';
import { forget } from './retention.ts';

describe('what a service remembers', () => {
  let its: TestDatabase;
  let store: PostgresStore;
  const day = 24 * 60 * 60 * 1000;

  beforeAll(async () => {
    its = await openTestDatabase(messageTables());
    store = new PostgresStore(its.database, 'intake');
  }, 60_000);
  beforeEach(() => its.database.query('truncate inbox, outbox'));
  afterAll(() => its.drop());

  const anEnvelope = (saidMsAgo = 0): Envelope => ({
    id: uuidV7(),
    type: 'requests.held.v1',
    source: 'validation',
    subject: '',
    time: new Date(Date.now() - saidMsAgo).toISOString(),
    correlationId: uuidV7(),
    digest: 'a'.repeat(64),
  });

  const arrive = (envelope: Envelope): Promise<Arrival> =>
    store.transaction(({ inbox }) => inbox.arrive(envelope, 'done'));

  const partitionOf = async ({ id }: Envelope): Promise<string | undefined> => {
    const [row] = await its.database.query<{ name: string }>(
      `select tableoid::regclass::text as name from inbox where message_id = $1`,
      [id],
    );
    return row?.name;
  };

  const months = async (): Promise<string[]> => {
    const rows = await its.database.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'inbox'::regclass order by 1`,
    );
    return rows.map(({ name }) => name);
  };

  it('is kept by the month in which a message was said, whenever it comes', async () => {
    const [fresh, old] = [anEnvelope(), anEnvelope(200 * day)];
    for (const envelope of [fresh, old]) {
      expect(await arrive(envelope)).toBe('new');
      expect(await arrive(envelope)).toBe('duplicate');
      const month = envelope.time.slice(0, 7).replace('-', '');
      expect(await partitionOf(envelope)).toBe(`inbox_${month}`);
    }
  });

  it('knows a message by its id alone, though a copy claims another time or another body', async () => {
    const first = anEnvelope();
    expect(await arrive(first)).toBe('new');
    expect(await arrive({ ...first, time: anEnvelope(90 * day).time })).toBe('duplicate');
    expect(await arrive({ ...first, digest: 'b'.repeat(64) })).toBe('digest-conflict');
    expect(await arrive({ ...first, digest: 'b'.repeat(64), time: '' })).toBe('digest-conflict');
  });

  it('is claimed once when two copies arrive together', async () => {
    const one = anEnvelope();
    const arrivals = await Promise.all([arrive(one), arrive(one), arrive(one)]);
    expect(arrivals.sort()).toEqual(['duplicate', 'duplicate', 'new']);
  });

  it('is forgotten a month at a time, by a role that may make and drop no tables', async () => {
    await forget(its.database, { inboxMonths: 13, outboxDays: 35 });
    const before = await months();
    const old = anEnvelope(250 * day);
    await arrive(old);
    const role = `spec_${uuidV7().replaceAll('-', '')}`;
    await its.database.transaction(async (tx) => {
      await tx.execute(`create role ${role}`);
      await tx.execute(`set local role ${role}`);
      await tx.query(`select keep_inbox_months(6)`);
      await tx.execute(`reset role`);
      await tx.execute(`drop role ${role}`);
    });
    const after = await months();
    expect(after.length).toBe(before.length - 7);
    expect(await partitionOf(old)).toBeUndefined();
    await forget(its.database, { inboxMonths: 13, outboxDays: 35 });
    expect(await months()).toEqual(before);
  });

  it('finds its month again for what was kept elsewhere while there was none', async () => {
    await its.database.query(`select keep_inbox_months(2)`);
    const stray = anEnvelope(150 * day);
    await arrive(stray);
    expect(await partitionOf(stray)).toBe('inbox_other');
    await its.database.query(`select keep_inbox_months(13)`);
    expect(await partitionOf(stray)).not.toBe('inbox_other');
    expect(await arrive(stray)).toBe('duplicate');
  });

  describe('a table of a service that is kept by month', () => {
    const bills = { table: 'bills', keptMonths: 24, behindMonths: 12 };
    const keep = (wanted = bills) =>
      forget(its.database, { inboxMonths: 13, outboxDays: 35, monthlyTables: [wanted] });

    const billsIn = async (): Promise<Record<string, number>> => {
      const rows = await its.database.query<{ name: string; rows: number }>(
        `select tableoid::regclass::text as name, count(*)::int as rows from bills group by 1`,
      );
      return Object.fromEntries(rows.map(({ name, rows: count }) => [name, count]));
    };

    beforeEach(async () => {
      await its.database.query(`drop table if exists bills`);
      await its.database.query(
        `create table bills (bill_key int, served_on date not null, primary key (bill_key, served_on)) partition by range (served_on)`,
      );
      await its.database.query(`create table bills_other partition of bills default with (fillfactor = 61)`);
      await its.database.query(`insert into monthly_tables values ('bills') on conflict do nothing`);
    });

    it('gets its months from behind to ahead, and what lay elsewhere moves in', async () => {
      await its.database.query(
        `insert into bills select n, date_trunc('month', now() at time zone 'UTC') - make_interval(months => n) from unnest('{-2, 0, 12, 13}'::int[]) as n`,
      );
      await keep();
      const found = await billsIn();
      expect(found['bills_other']).toBe(1);
      expect(Object.values(found)).toEqual([1, 1, 1, 1]);
    });

    it('is stored as its default partition is', async () => {
      await keep();
      const rows = await its.database.query<{ options: string[] }>(
        `select distinct c.reloptions as options from pg_inherits join pg_class c on c.oid = inhrelid where inhparent = 'bills'::regclass`,
      );
      expect(rows).toEqual([{ options: ['fillfactor=61'] }]);
    });

    it('loses what is older than is kept, and nothing when all is kept', async () => {
      await keep({ ...bills, keptMonths: 24, behindMonths: 24 });
      await its.database.query(
        `insert into bills select n, (now() at time zone 'UTC') - make_interval(months => n) from unnest('{1, 20}'::int[]) as n`,
      );
      expect(await keep({ ...bills, keptMonths: null as never })).toMatchObject({ tableMonths: 0 });
      expect(await keep({ ...bills, keptMonths: 12 })).toMatchObject({ tableMonths: 12 });
      expect(Object.values(await billsIn())).toEqual([1]);
    });

    it('is refused when no migration has named it, though it has a default partition', async () => {
      await its.database.query(`delete from monthly_tables where parent = 'bills'`);
      await expect(keep()).rejects.toThrow('bills is not a table that is kept by month');
    });
  });

  it('lets outbox rows go that everybody has received long ago, and still counts them as said', async () => {
    const row = (hearers: readonly ['audit'] | []) => ({
      ...{ messageId: uuidV7(), factName: 'requests.held.v1', subject: '', target: null, hearers },
      ...{
        correlationId: uuidV7(),
        causationId: null,
        traceParent: null,
        saidAt: null,
        body: encodeBody({}),
      },
    });
    await store.transaction(({ outbox }) => outbox.write([row(['audit']), row(['audit']), row(['audit'])]));
    const rows = await store.transaction(({ outbox }) => outbox.next({ rows: 10, bytes: 1_000_000 }));
    const seqs = rows.map(({ seq }) => seq);
    await store.transaction(({ outbox }) => outbox.published({ seqs, putOff: [], putOffMs: 0 }));
    await store.transaction(({ outbox }) => outbox.receipted('audit', seqs.slice(0, 2)));
    const said = await factsSaid(its.database);
    await its.database.query(
      `update outbox set settled_at = settled_at - interval '36 days' where seq = $1`,
      [seqs[0]],
    );
    expect(await forget(its.database, { inboxMonths: 13, outboxDays: 35 })).toMatchObject({ outboxRows: 1 });
    const left = await its.database.query<{ seq: string; body: Buffer | null }>(
      'select seq, body from outbox order by seq',
    );
    expect(left.map(({ seq, body }) => [seq, body === null])).toEqual([
      [seqs[1], true],
      [seqs[2], false],
    ]);
    expect(await factsSaid(its.database)).toBe(said);
  });
});
