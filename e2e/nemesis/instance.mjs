import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { serviceNames } from '@remitflow/kernel';
import { messageTables, provisionBroker } from '@remitflow/messaging';
import { migrate, readMigrations } from '@remitflow/persistence';
import { choosePorts, provisionDatabase, serviceDatabase } from '@remitflow/servers';
import { openProxy } from './proxy.mjs';
import { Supervised } from './supervisor.mjs';

export const root = resolve(import.meta.dirname, '..', '..');

const fromTool = (file) => import(pathToFileURL(join(root, 'tools', 'cli', 'dist', file)).href);

/** Short enough that healing fits into a run. */
const receiptTimeoutMs = 8_000;

/**
 * The five real services and the bank as processes of their own, each service behind a proxy to the broker and one to its
 * database. Resolves when every service is ready.
 */
export async function openInstance({ stateDir, servers, herd, bankArgs = [], receiptMs = receiptTimeoutMs }) {
  const [{ environmentOf }, { instanceKeys }, { statePaths }, { provideBroker }] = await Promise.all(
    ['instance/environment.js', 'instance/keys.js', 'project.js', 'instance/broker.js'].map(fromTool),
  );
  const paths = statePaths({ REMITFLOW_STATE: stateDir });
  for (const folder of Object.values(paths)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const keys = instanceKeys(stateDir);
  const databases = await provideDatabases(servers, keys);
  const broker = await provideBroker(servers.rabbit.nodes[0], keys, () => undefined);
  const ports = await choosePorts([...serviceNames], {});
  const wiring = { broker, databases, keys, paths };

  const services = {};
  for (const [place, name] of serviceNames.entries()) {
    const told = environmentOf({ service: name, index: 1, port: ports[name] }, wiring);
    const env = { ...told, RECEIPT_TIMEOUT_MS: String(receiptMs) };
    services[name] = await openService({ name, env, place, servers, paths, herd, stateDir });
  }
  const bank = openBank({ paths, herd, bankArgs });
  const all = Object.values(services);
  for (const { process: one } of all) one.start();
  bank.start();
  const instance = {
    services,
    bank,
    paths,
    databases: openAdmin(servers),
    provision: () => provisionBroker(servers.rabbit.nodes.find(({ alive }) => alive).url),
  };
  return {
    ...instance,
    close: async () => {
      await Promise.all([bank.close(), ...all.map((one) => one.process.close())]);
      for (const { brokerProxy, databaseProxy } of all)
        [brokerProxy, databaseProxy].forEach((proxy) => proxy.close());
      await instance.databases.close();
    },
  };
}

async function provideDatabases(servers, keys) {
  const databases = {};
  for (const service of serviceNames) {
    const wanted = serviceDatabase(service, keys.databasePasswords[service]);
    databases[service] = await provisionDatabase(servers.postgres.adminUrl, wanted);
    const folder = join(root, 'services', service, 'dist', 'migrations');
    await migrate(databases[service].migratorUrl, [...messageTables(), ...readMigrations(service, folder)]);
  }
  return databases;
}

async function openService({ name, env, place, servers, paths, herd, stateDir }) {
  const { nodes } = servers.rabbit;
  let turn = place;
  const brokerProxy = await openProxy({
    name: `${name} to broker`,
    // Another node first each time, as a load balancer does: a frozen one accepts connections and never answers.
    upstreams: () => {
      const first = turn++ % nodes.length;
      return [...nodes.slice(first), ...nodes.slice(0, first)].map(({ url }) => addressOf(url));
    },
  });
  const databaseProxy = await openProxy({
    name: `${name} to database`,
    upstreams: () => [addressOf(servers.postgres.adminUrl)],
  });
  const skewFile = join(stateDir, `${name}.skew`);
  writeFileSync(skewFile, '0');
  const wired = {
    ...env,
    DATABASE_URL: through(env.DATABASE_URL, databaseProxy.port),
    RABBITMQ_URL: through(env.RABBITMQ_URL, brokerProxy.port),
    LOG_LEVEL: 'info',
    NODE_OPTIONS: `--enable-source-maps --import ${pathToFileURL(join(import.meta.dirname, 'skewed-clock.mjs')).href}`,
    CLOCK_SKEW_FILE: skewFile,
    FAULTS_ALLOWED: 'yes',
  };
  const supervised = new Supervised({
    name,
    command: process.execPath,
    args: [join(root, 'services', name, 'dist', 'main.js')],
    env: () => wired,
    logFile: join(paths.logs, `${name}.log`),
    herd,
  });
  return {
    name,
    url: `http://127.0.0.1:${env.PORT}`,
    process: supervised,
    brokerProxy,
    databaseProxy,
    skewFile,
  };
}

function openBank({ paths, herd, bankArgs }) {
  const folders = ['--outbox', paths.railOutbox, '--inbox', paths.railInbox, '--state', paths.bank];
  return new Supervised({
    name: 'bank',
    command: process.execPath,
    args: [join(root, 'tools', 'simulated-bank', 'dist', 'main.js'), ...folders, ...bankArgs],
    env: () => ({ PATH: process.env.PATH }),
    logFile: join(paths.logs, 'bank.log'),
    herd,
  });
}

export function addressOf(url) {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

function through(url, port) {
  const rewritten = new URL(url);
  rewritten.hostname = '127.0.0.1';
  rewritten.port = String(port);
  return rewritten.href;
}

/** The databases as an administrator sees them, past every proxy; a query fails while the server is away. */
function openAdmin(servers) {
  const pools = new Map();
  const poolOf = (database) => {
    const url = new URL(servers.postgres.adminUrl);
    url.pathname = `/${database}`;
    if (!pools.has(url.href)) {
      const pool = new pg.Pool({ connectionString: url.href, max: 4, connectionTimeoutMillis: 5_000 });
      pool.on('error', () => undefined);
      pools.set(url.href, pool);
    }
    return pools.get(url.href);
  };
  return {
    query: async (service, sql, parameters = []) =>
      (await poolOf(`remitflow_${service}`).query(sql, parameters)).rows,
    /** A connection of its own, for locks and long work; the caller ends it. */
    connect: async (service) => {
      const url = new URL(servers.postgres.adminUrl);
      url.pathname = service ? `/remitflow_${service}` : url.pathname;
      const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 5_000 });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
    close: () => Promise.all([...pools.values()].map((pool) => pool.end().catch(() => undefined))),
  };
}
