import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { serviceNames } from '@remitflow/kernel';
import { recordedProcesses } from '@remitflow/servers';
import { lastDocument, type Bench } from './bench.ts';
import { root } from './root.ts';
import { openStatements, preloadStatements, type Statements } from './statements.ts';

/** The product as it is started by a user: private durable servers, five services and a bank, each a process. */
export type Instance = {
  readonly stateDir: string;
  /** By what they are: each service, the bank, postgres and rabbit; the roots of their process trees. */
  readonly processes: Readonly<Record<string, readonly number[]>>;
  readonly versions: { readonly postgres: string; readonly rabbit: string };
  readonly rabbitUrl: string;
  /** The database of a service, with the right to everything. */
  databaseUrl(service: string): string;
  get<T>(service: string, path: string): Promise<T>;
  post<T>(service: string, path: string, options: PostOptions): Promise<T>;
  /** The command-line tool over this instance. */
  tool<T>(...args: readonly string[]): Promise<T>;
  /** When PostgreSQL was told to count them. */
  readonly statements?: Statements;
  close(): Promise<void>;
};

/** A service has answered that it does not. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const isBusy = (error: unknown): boolean => error instanceof Refused && error.status === 503;

export type PostOptions = {
  readonly body: string | ReadableStream;
  readonly headers?: Readonly<Record<string, string>>;
};

const cli = join(root, 'tools', 'cli', 'dist', 'main.js');

export async function openInstance(bench: Bench): Promise<Instance> {
  bench.say('starting private servers and the five services');
  const stateDir = join(bench.folder, 'product');
  const env = { ...privateEnvironment(stateDir), ...profiling(bench.settings.profile) };
  if (bench.settings.pgStatements) await preloadStatements(bench, { stateDir, env });
  const up = spawn(process.execPath, [cli, 'up'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const close = closer(up);
  bench.atEnd(close);
  await untilUp(up, stateDir);
  const urls = readJson<{ services: Record<string, { url: string }> }>(
    join(stateDir, 'instance.json'),
  ).services;
  const servers = readServers(stateDir);
  return {
    stateDir,
    processes: { ...servicesOf(stateDir), ...servers.processes },
    versions: servers.versions,
    rabbitUrl: servers.rabbitUrl,
    databaseUrl: (service) => servers.adminUrl.replace(/\/[^/]*$/, `/remitflow_${service}`),
    get: (service, path) => patiently(() => call(`${urls[service]!.url}${path}`)),
    post: (service, path, options) => call(`${urls[service]!.url}${path}`, options),
    tool: (...args) => lastDocument([cli, ...args, '--json'], env),
    ...(bench.settings.pgStatements ? { statements: openStatements(bench, servers) } : {}),
    close,
  };
}

export type ServersSeen = {
  readonly adminUrl: string;
  readonly rabbitUrl: string;
  readonly versions: Instance['versions'];
  readonly processes: { readonly postgres: readonly number[]; readonly rabbit: readonly number[] };
};

/** What runs, as the servers' record in a state folder says. */
export function readServers(stateDir: string): ServersSeen {
  type Server = { version: string; processes: { pid: number }[]; adminUrl: string; url: string };
  const { postgres, rabbit } = readJson<{ postgres: Server; rabbit: Server }>(join(stateDir, 'servers.json'));
  const pids = (server: Server): number[] => server.processes.map(({ pid }) => pid);
  return {
    adminUrl: postgres.adminUrl,
    rabbitUrl: rabbit.url,
    versions: { postgres: postgres.version, rabbit: rabbit.version },
    processes: { postgres: pids(postgres), rabbit: pids(rabbit) },
  };
}

/** Nobody's servers but our own, and settings as in production; packages that were downloaded before serve again. */
export function privateEnvironment(stateDir: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    REMITFLOW_STATE: stateDir,
    REMITFLOW_CACHE: process.env['REMITFLOW_CACHE'] ?? resolve(root, '.remitflow', 'cache'),
    LOG_LEVEL: 'warn',
  };
  for (const name of ['DATABASE_URL', 'RABBITMQ_URL', 'NODE_OPTIONS']) delete env[name];
  return env;
}

/** Handed to one service each by the name of the variable. */
function profiling(folder: string | undefined): NodeJS.ProcessEnv {
  if (folder === undefined) return {};
  const preload = `--enable-source-maps --import ${new URL('./profiled.js', import.meta.url).href}`;
  return Object.fromEntries(
    serviceNames.flatMap((name) => [
      [`REMITFLOW_${name.toUpperCase()}_NODE_OPTIONS`, preload],
      [`REMITFLOW_${name.toUpperCase()}_PROFILE_DIR`, join(folder, name)],
    ]),
  );
}

const servicesOf = (stateDir: string): Record<string, readonly number[]> =>
  Object.fromEntries(
    recordedProcesses(stateDir)
      .filter((one) => one.alive)
      .map(({ name, pid }) => [name, [pid]]),
  );

/** The tool says that everything runs when it has written where. */
function untilUp(up: ChildProcess, stateDir: string): Promise<void> {
  return new Promise((done, fail) => {
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += String(chunk);
      if (existsSync(join(stateDir, 'instance.json')) && /five services/.test(said)) done();
    };
    up.stdout?.on('data', hear);
    up.stderr?.on('data', hear);
    up.once('error', fail);
    up.once('exit', (code) => fail(new Error(`remitflow up ended with ${code}:\n${said}`)));
  });
}

const closer = (up: ChildProcess) => async (): Promise<void> => {
  if (up.exitCode !== null || up.signalCode !== null) return;
  await new Promise<void>((done) => {
    up.once('exit', () => done());
    up.kill('SIGTERM');
  });
};

/** Who only looks comes back later when a service has no connection to spare. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!isBusy(error) || tries >= busyTriesMax) throw error;
      await new Promise((done) => setTimeout(done, busyWaitMs));
    }
  }
}

const busyTriesMax = 100;
const busyWaitMs = 200;

async function call<T>(url: string, post?: PostOptions): Promise<T> {
  const request = post ? { method: 'POST', duplex: 'half', ...post } : {};
  const answer = await fetch(url, request as RequestInit);
  const text = await answer.text();
  if (!answer.ok) throw new Refused(answer.status, `${url} answered ${answer.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as T;
}

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;
