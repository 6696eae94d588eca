import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, openTestDatabase, type TestDatabase } from '@remitflow/testing';
import { migrate, readMigrations } from './migrations.ts';
import { databaseTrouble } from './transient.ts';

describe('a database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  let test: TestDatabase;

  beforeAll(async () => {
    writeFileSync(
      join(folder, '0001-create-things.sql'),
      'create table things (id int primary key, name text unique);',
    );
    test = await openTestDatabase(readMigrations('things', folder));
  });

  afterAll(async () => {
    await test.drop();
    rmSync(folder, { recursive: true });
  });

  it('migrates forward once, also when two processes begin together', async () => {
    writeFileSync(join(folder, '0002-add-thing.sql'), `insert into things values (1, 'one');`);
    const both = await Promise.all([1, 2].map(() => migrate(test.url, readMigrations('things', folder))));
    expect(both.flat()).toHaveLength(1);
    expect(await test.database.query('select * from things')).toEqual([{ id: 1, name: 'one' }]);
  });

  it('refuses migrations with a gap, a twin or a strange name', () => {
    const other = mkdtempSync(join(tmpdir(), 'migrations-'));
    for (const name of ['0001-a.sql', '0003-c.sql']) writeFileSync(join(other, name), '');
    expect(() => readMigrations('x', other)).toThrow('migrations.numbering');
    writeFileSync(join(other, '0001-b.sql'), '');
    expect(() => readMigrations('x', other)).toThrow('migrations.numbering');
    writeFileSync(join(other, 'a.sql'), '');
    expect(() => readMigrations('x', other)).toThrow('migrations.name');
    rmSync(other, { recursive: true });
  });

  it('commits all of a transaction or nothing, and counts what it touched', async () => {
    const broken = test.database.transaction(async (tx) => {
      await tx.execute(`insert into things values (2, 'two')`);
      await tx.query(`insert into things values (3, 'one')`);
    });
    await expect(broken).rejects.toThrow();
    expect(await test.database.query('select id from things')).toEqual([{ id: 1 }]);
    const touched = await test.database.transaction((tx) =>
      tx.execute(`update things set name = 'eins' where id = 1`),
    );
    expect(touched).toBe(1);
  });

  it('plans a statement once a connection, however often it runs', async () => {
    await test.database.statement(async (tx) => {
      for (const id of [1, 2, 3]) await tx.query('select name from things where id = $1', [id]);
      const known = await tx.query<{ calls: number }>(
        `select (generic_plans + custom_plans)::int as calls from pg_prepared_statements where statement like 'select name from%'`,
      );
      expect(known).toEqual([{ calls: 3 }]);
    });
  });

  it('goes on after a migration has changed what a prepared statement gives', async () => {
    const all = (): Promise<object[]> => test.database.query('select * from things where id = $1', [1]);
    await all();
    await test.database.query('alter table things add column note text');
    const first = await all().catch((error: unknown) => error);
    expect(databaseTrouble(first)).toBe('contention');
    expect(await all()).toEqual([{ id: 1, name: 'eins', note: null }]);
    await test.database.query('alter table things drop column note');
  });

  it('tells a broken constraint from a database that is away', async () => {
    const twin = await test.database
      .query(`insert into things values (1, 'x')`)
      .catch((error: unknown) => error);
    expect(databaseTrouble(twin)).toBe('none');
    const killed = await test.database
      .query('select pg_terminate_backend(pg_backend_pid())')
      .catch((error: unknown) => error);
    expect(databaseTrouble(killed)).toBe('outage');
    await eventually(() => test.database.ping().then(() => true));
  });

  it('tells that the database is away when a connection breaks between two statements of a transaction', async () => {
    const broken = await test.database
      .transaction(async (tx) => {
        const [own] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
        await test.database.query('select pg_terminate_backend($1)', [own!.pid]);
        const isAlive = `select 1 from pg_stat_activity where pid = $1`;
        await eventually(async () => (await test.database.query(isAlive, [own!.pid])).length === 0);
        await tx.execute(`update things set name = 'uno' where id = 1`);
      })
      .catch((error: unknown) => error);
    expect(databaseTrouble(broken)).toBe('outage');
  });

  it('outlives connections that break while nobody waits on them', async () => {
    const lent = Array.from({ length: 4 }, () =>
      test.database.transaction(async (tx) => {
        const [own] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
        await test.database.query('select pg_terminate_backend($1)', [own!.pid]);
        await eventually(() => test.database.ping().then(() => true));
      }),
    );
    const outcomes = await Promise.allSettled(lent);
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    await eventually(() => test.database.ping().then(() => true));
  });

  it('lets one lead at a time, and the next one after it', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let leading: () => void = () => undefined;
    const started = new Promise<void>((resolve) => (leading = resolve));
    const first = test.database.whileLeading('l', async () => {
      leading();
      await held;
      return 'first';
    });
    await started;
    expect(await test.database.whileLeading('l', async () => 'second')).toBeUndefined();
    release();
    expect(await first).toBe('first');
    expect(await test.database.whileLeading('l', async () => 'third')).toBe('third');
  });
});
