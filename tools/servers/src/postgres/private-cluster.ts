import { existsSync, readFileSync, rmSync, writeFileSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { serverAccount, type Account } from '../machine/account.ts';
import { runCommand } from '../machine/command.ts';
import { startDetached } from '../machine/detached.ts';
import { findLeftOver } from '../machine/left-over.ts';
import { choosePorts, loopback } from '../machine/ports.ts';
import { isAlive, type ProcessIdentity } from '../machine/process-identity.ts';
import { stopProcess } from '../machine/stop-process.ts';
import { onFreePorts, startFailed } from '../start-failed.ts';
import {
  accountFolder,
  logFile,
  makeOwnedFolder,
  rememberedPorts,
  rememberPorts,
  secret,
  writeRecord,
  type StateFolder,
} from '../state-folder.ts';
import type { HowProvided, PostgresRecord } from '../servers-record.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { awaitPostgres } from './postgres-probe.ts';
import { postgresSettings, type Durability } from './postgres-settings.ts';

export type ClusterWanted = {
  readonly state: StateFolder;
  readonly binaries: PostgresBinaries;
  readonly how: HowProvided;
  readonly durability: Durability;
};

type Cluster = ClusterWanted & {
  readonly account: Account | undefined;
  readonly dataFolder: string;
  readonly password: string;
};

/** PostgreSQL's fast shutdown ends open sessions and writes a clean checkpoint; the immediate one writes nothing. */
const cleanStop = { signal: 'SIGINT', graceMs: 20_000 } as const;
const immediateStop = { signal: 'SIGQUIT', graceMs: 5_000 } as const;

const superuser = 'remitflow';
const initTimeoutMs = 120_000;
const startTimeoutMs = 60_000;

/** Makes (once) and starts a PostgreSQL of our own on a loopback port. */
export async function startPrivateCluster(wanted: ClusterWanted): Promise<PostgresRecord> {
  const { state } = wanted;
  const account = serverAccount();
  const dataFolder = join(accountFolder(state, account), 'postgres', dataName(wanted));
  const cluster: Cluster = { ...wanted, account, dataFolder, password: secret(state, 'postgres') };
  await initialise(cluster);
  const left = findLeftOver(join(dataFolder, 'postmaster.pid'), dataFolder);
  if (left) await stopProcess(left, cleanStop);
  return onFreePorts(async () => {
    const { postgres: port } = await choosePorts(['postgres'], rememberedPorts(state));
    rememberPorts(state, { postgres: port });
    return start(cluster, port);
  });
}

/** Stops a cluster; one whose data nobody misses does not write it down first. */
export async function stopCluster(processes: readonly ProcessIdentity[], disposable = false): Promise<void> {
  for (const one of processes) await stopProcess(one, disposable ? immediateStop : cleanStop);
}

/** Throws the data away, so that a test run never meets what an earlier one left. */
export function forgetCluster(state: StateFolder): void {
  rmSync(join(accountFolder(state, serverAccount()), 'postgres'), { recursive: true, force: true });
}

/** One data folder per major version: a newer PostgreSQL cannot read an older one's files. */
function dataName({ binaries }: ClusterWanted): string {
  return `data-${binaries.version.split('.')[0]}`;
}

async function initialise(cluster: Cluster): Promise<void> {
  const { account, dataFolder } = cluster;
  const done = `${dataFolder}.initialised`;
  if (existsSync(done) && existsSync(join(dataFolder, 'PG_VERSION'))) return;
  const parent = join(dataFolder, '..');
  makeOwnedFolder(parent, account);
  rmSync(dataFolder, { recursive: true, force: true });
  const passwordFile = join(parent, 'initial-password');
  writeFileSync(passwordFile, cluster.password, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  try {
    await initdb(cluster, passwordFile);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  writeFileSync(done, '');
}

async function initdb(cluster: Cluster, passwordFile: string): Promise<void> {
  const { binaries, dataFolder, account, durability } = cluster;
  const args = ['-D', dataFolder, '-U', superuser, `--pwfile=${passwordFile}`];
  args.push('--auth=scram-sha-256', '--locale=C', '--encoding=UTF8', '--data-checksums');
  if (durability === 'none') args.push('--no-sync');
  const { exitCode, stderr } = await runCommand(join(binaries.binFolder, 'initdb'), args, {
    timeoutMs: initTimeoutMs,
    cwd: join(dataFolder, '..'),
    env: serverEnvironment(cluster),
    ...identity(account),
  });
  if (exitCode !== 0) throw startFailed('PostgreSQL could not be initialised', stderr);
}

async function start(cluster: Cluster, port: number): Promise<PostgresRecord> {
  const { state, binaries, dataFolder, account } = cluster;
  const log = logFile(state, 'postgres');
  const server = await startDetached({
    program: join(binaries.binFolder, 'postgres'),
    args: ['-D', dataFolder, ...postgresSettings(port, cluster.durability)],
    env: serverEnvironment(cluster),
    cwd: dataFolder,
    logFile: log,
    ...identity(account),
  });
  const adminUrl = `postgres://${superuser}:${cluster.password}@${loopback}:${port}/postgres`;
  const record: PostgresRecord = {
    how: cluster.how,
    adminUrl,
    version: binaries.version,
    processes: [server],
  };
  writeRecord(state, { postgres: record });
  const ready = await awaitPostgres(adminUrl, {
    isAlive: () => isAlive(server),
    timeoutMs: startTimeoutMs,
  });
  if (ready) return record;
  await stopProcess(server, cleanStop);
  throw startFailed('PostgreSQL did not start', readFileSync(log, 'utf8'));
}

function serverEnvironment({ binaries, dataFolder }: Cluster): NodeJS.ProcessEnv {
  const { PATH, TZ } = process.env;
  return {
    PATH,
    ...(TZ ? { TZ } : {}),
    LC_ALL: 'C',
    HOME: join(dataFolder, '..'),
    ...binaries.env,
  };
}

function identity(account: Account | undefined): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {};
}
