import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { privateTestServers } from './private-test-servers.ts';
import { provisionDatabase, serviceDatabase, type ProvisionedDatabase } from './provision-database.ts';
import { probePostgres } from './postgres/postgres-probe.ts';
import { probeRabbit } from './rabbit/rabbit-probe.ts';
import type { Servers } from './servers.ts';

const startTimeoutMs = 180_000;
const suffix = process.pid;

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
