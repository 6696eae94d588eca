import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { privateTestServers } from './private-test-servers.ts';
import { provisionDatabase, serviceDatabase, type ProvisionedDatabase } from './provision-database.ts';
import { probePostgres } from './postgres/postgres-probe.ts';
import { probeRabbit } from './rabbit/rabbit-probe.ts';
import type { Servers } from './servers.ts';

const startTimeoutMs = 180_000;
const suffix = process.pid;
const insufficientPrivilege = '42501';

let servers: Servers;
let first: ProvisionedDatabase;
let second: ProvisionedDatabase;

beforeAll(async () => {
  servers = await privateTestServers();
  const make = (service: string): Promise<ProvisionedDatabase> => {
    const wanted = serviceDatabase(service, { migrator: "it's @ secret/", app: 'app:pass' });
    return provisionDatabase(servers.postgres.adminUrl, wanted);
  };
  const [made] = await Promise.all([1, 2, 3].map(() => make(`first-${suffix}`)));
  first = made as ProvisionedDatabase;
  second = await make(`second-${suffix}`);
}, startTimeoutMs);

afterAll(async () => {
  for (const { name } of [first, second]) {
    await query(servers.postgres.adminUrl, `drop database if exists ${name} with (force)`);
    await query(servers.postgres.adminUrl, `drop role ${name}; drop role ${name}_migrator`);
  }
  await servers.close();
});

describe('the database of a service', () => {
  it('lets the service use what the migrator makes, and not change its shape', async () => {
    await query(first.migratorUrl, 'create table claims (id bigserial primary key, note text)');
    await query(first.migratorUrl, 'create schema extra; create table extra.lines (id int)');
    await query(first.appUrl, `insert into claims (note) values ('x'); select * from extra.lines`);
    await query(first.appUrl, 'create temporary table staging (id int)');
    await expect(query(first.appUrl, 'alter table claims add other int')).rejects.toThrow(/owner/);
    await expect(query(first.appUrl, 'truncate claims')).rejects.toThrow(/permission denied/);
    await expect(query(first.appUrl, 'create table mine (id int)')).rejects.toThrow(/permission/);
  });

  it('is closed to every other service', async () => {
    const foreign = new URL(second.appUrl);
    foreign.pathname = `/${first.name}`;
    await expect(query(foreign.href, 'select 1')).rejects.toThrow(/permission denied for database/);
  });

  it.each([
    ['makes a table', 'create table mine (id int)'],
    ['makes a schema', 'create schema mine'],
    ['changes a table', 'alter table claims add mine int'],
    ['drops a table', 'drop table claims'],
    ['empties a table', 'truncate claims'],
    [
      'watches a table',
      'create trigger mine before insert on claims execute function suppress_redundant_updates_trigger()',
    ],
    ['makes itself the migrator', `set role %migrator%`],
    ['makes a role', 'create role mine'],
    ['becomes more', 'alter role %app% createrole'],
    ['reads passwords', 'select rolpassword from pg_authid'],
    ['reads files of the server', `select pg_read_file('PG_VERSION')`],
    ['runs a program on the server', `copy (select 1) to program 'cat > /dev/null'`],
  ])('refuses the service that %s, and only for want of a right', async (_, act) => {
    const names = { app: first.name, migrator: `${first.name}_migrator`, other: second.name };
    const sql = act.replace(/%(\w+)%/g, (__, who: keyof typeof names) => pg.escapeIdentifier(names[who]));
    const inside = new URL(servers.postgres.adminUrl);
    inside.pathname = `/${first.name}`;
    await expect(query(inside.href, `begin; ${sql}; rollback`)).resolves.toBeUndefined();
    await expect(query(first.appUrl, `begin; ${sql}; rollback`)).rejects.toMatchObject({
      code: insufficientPrivilege,
    });
  });

  it('lets a service give away nothing of what it has', async () => {
    const one = new pg.Client({ connectionString: first.appUrl });
    await one.connect();
    // PostgreSQL only warns of a grant that grants nothing.
    await one.query(
      `grant select on claims to ${second.name}; grant connect on database ${first.name} to ${second.name}`,
    );
    const { rows } = await one.query<{ table: boolean; database: boolean }>(
      `select has_table_privilege($1, 'claims', 'select') as table, has_database_privilege($1, $2, 'connect') as database`,
      [second.name, first.name],
    );
    await one.end();
    expect(rows).toEqual([{ table: false, database: false }]);
  });

  it('shows a service nothing of what another does', async () => {
    const other = new pg.Client({ connectionString: second.appUrl });
    await other.connect();
    await other.query(`select 'a secret of the second'`);
    const one = new pg.Client({ connectionString: first.appUrl });
    await one.connect();
    const { rows } = await one.query<{ query: string }>(
      'select query from pg_stat_activity where usename = $1',
      [second.name],
    );
    await Promise.all([one.end(), other.end()]);
    expect(rows.map((row) => row.query)).toEqual(['<insufficient privilege>']);
  });

  it('takes new passwords when it is provisioned again', async () => {
    const wanted = serviceDatabase(`first-${suffix}`, { migrator: 'new', app: 'new' });
    const again = await provisionDatabase(servers.postgres.adminUrl, wanted);
    await query(again.appUrl, 'select * from claims');
    await expect(query(first.appUrl, 'select 1')).rejects.toThrow(/password/);
  });
});

describe('a server that was named', () => {
  it('refuses a wrong login with the next action, without the password', async () => {
    await expect(probePostgres(wrongPassword(servers.postgres.adminUrl))).rejects.toMatchObject({
      code: 'login-refused',
      message: expect.not.stringContaining('hunter2'),
    });
    await expect(probeRabbit(wrongPassword(servers.rabbit.url))).rejects.toMatchObject({
      code: 'login-refused',
    });
  });

  it('that refuses the virtual host refuses the login', async () => {
    const url = new URL(servers.rabbit.url);
    url.pathname = '/no-such-host';
    await expect(probeRabbit(url.href)).rejects.toMatchObject({ code: 'login-refused' });
  });

  it('that nobody listens at is unreachable', async () => {
    await expect(probePostgres('postgres://u:p@127.0.0.1:1/d')).rejects.toMatchObject({
      code: 'server-unreachable',
    });
    await expect(probeRabbit('amqp://u:p@127.0.0.1:1/v')).rejects.toMatchObject({
      code: 'server-unreachable',
    });
  });

  it('tells its version', async () => {
    expect(await probePostgres(servers.postgres.adminUrl)).toMatch(/^\d+/);
    expect(await probeRabbit(servers.rabbit.url)).toMatch(/^\d+\.\d+/);
  });
});

function wrongPassword(text: string): string {
  const url = new URL(text);
  url.password = 'hunter2';
  return url.href;
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
