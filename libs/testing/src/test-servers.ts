import { randomBytes } from 'node:crypto';
import { migrate, Database, type SqlMigration } from '@remitflow/persistence';
import pg from 'pg';

/** Where `npm test` has put the private servers; specs never look for others. */
export function testServers(): { postgresUrl: string; rabbitUrl: string; rabbitManagementUrl: string } {
  const read = (name: string): string => {
    const value = process.env[name];
    if (!value)
      throw new Error(`${name} is not set: run the specs with \`npm test\`, which starts private servers`);
    return value;
  };
  return {
    postgresUrl: read('REMITFLOW_TEST_POSTGRES_URL'),
    rabbitUrl: read('REMITFLOW_TEST_RABBIT_URL'),
    rabbitManagementUrl: read('REMITFLOW_TEST_RABBIT_MANAGEMENT_URL'),
  };
}

export type TestDatabase = {
  readonly url: string;
  readonly database: Database;
  /** Closes the connections and drops the database. */
  drop(): Promise<void>;
};

/** A database of its own for one spec file, with the migrations applied. */
export async function openTestDatabase(
  migrations: readonly SqlMigration[],
  options: Pick<Parameters<typeof Database.open>[0], 'entities' | 'connectionsMax'> = {},
): Promise<TestDatabase> {
  const name = `spec_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name}`);
  const url = new URL(testServers().postgresUrl);
  url.pathname = `/${name}`;
  await migrate(url.href, migrations);
  const database = await Database.open({ url: url.href, applicationName: name, ...options });
  return {
    url: url.href,
    database,
    async drop() {
      await database.close();
      await administer(`drop database if exists ${name} with (force)`);
    },
  };
}

/** Removes what an earlier run on the same test servers has left, for specs whose databases have fixed names. */
export async function dropTestDatabases(names: readonly string[]): Promise<void> {
  for (const name of names) await administer(`drop database if exists ${name} with (force)`);
}

/** A virtual host of its own for one spec file: queues and exchanges cannot meet those of another. */
export async function openTestBroker(): Promise<{
  url: string;
  managementUrl: string;
  vhost: string;
  drop(): Promise<void>;
}> {
  const { rabbitUrl, rabbitManagementUrl } = testServers();
  const vhost = `spec-${randomBytes(6).toString('hex')}`;
  const url = new URL(rabbitUrl);
  url.pathname = `/${vhost}`;
  await callManagement('PUT', `/api/vhosts/${vhost}`);
  await callManagement('PUT', `/api/permissions/${vhost}/${url.username}`, {
    configure: '.*',
    write: '.*',
    read: '.*',
  });
  return {
    url: url.href,
    managementUrl: rabbitManagementUrl,
    vhost,
    drop: async () => {
      await callManagement('DELETE', `/api/vhosts/${vhost}`);
      const users = (await callManagement('GET', '/api/users?columns=name')) as { name: string }[];
      const own = users.filter(({ name }) => name.startsWith(`remitflow-${vhost}-`));
      for (const { name } of own) await callManagement('DELETE', `/api/users/${name}`);
    },
  };
}

/** One call of the broker's management interface; throws when it refuses. */
export async function callManagement(method: string, path: string, body?: object): Promise<unknown> {
  const { rabbitManagementUrl, rabbitUrl } = testServers();
  const { username, password } = new URL(rabbitUrl);
  const target = new URL(path, rabbitManagementUrl);
  target.username = '';
  target.password = '';
  const response = await fetch(target, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  return text ? JSON.parse(text) : undefined;
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: testServers().postgresUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
