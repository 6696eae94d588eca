import { stopDockerServers } from './docker/docker-servers.ts';
import { lockHolder, releaseLock, takeLock } from './lock.ts';
import { isAlive, type ProcessIdentity } from './machine/process-identity.ts';
import { answers } from './postgres/postgres-probe.ts';
import { forgetCluster, stopCluster } from './postgres/private-cluster.ts';
import { providePostgres } from './postgres/provide-postgres.ts';
import { forgetNode, stopNode } from './rabbit/private-node.ts';
import { provideRabbit } from './rabbit/provide-rabbit.ts';
import { acceptsLogin } from './rabbit/rabbit-probe.ts';
import { awaitEarlierGuard, startOrphanGuard } from './orphan-guard.ts';
import type { PostgresRecord, RabbitRecord } from './servers-record.ts';
import { openStateFolder, readRecord, writeRecord, type StateFolder } from './state-folder.ts';

export type ServersOptions = {
  /** The folder that keeps data, ports, secrets, logs and records; made when absent. */
  readonly stateDir: string;
  /** `demo` keeps what it is told through a power cut; `test` is fast and forgets. */
  readonly purpose: 'demo' | 'test';
  readonly env: NodeJS.ProcessEnv;
  readonly report: (step: string) => void;
  /** Where downloads are kept; inside the state folder when not said. */
  readonly cacheDir?: string;
  /** The project's docker-compose.yml; without it docker is not considered. */
  readonly composeFile?: string;
  /** The servers outlive this process; `stopServers(stateDir)` ends them. */
  readonly keepRunning?: boolean;
};

export type PostgresServer = Pick<PostgresRecord, 'adminUrl' | 'version' | 'how'>;
export type RabbitServer = Pick<RabbitRecord, 'url' | 'managementUrl' | 'version' | 'how'>;

export type Servers = {
  readonly postgres: PostgresServer;
  readonly rabbit: RabbitServer;
  /** Stops what was started; servers that were told to outlive their starter stay. */
  close(): Promise<void>;
};

type Both = { readonly postgres: PostgresRecord; readonly rabbit: RabbitRecord };

/** Finds or brings PostgreSQL and RabbitMQ. @throws ServersError with the next action */
export async function openServers(options: ServersOptions): Promise<Servers> {
  const state = openStateFolder(options.stateDir, options.cacheDir);
  await awaitEarlierGuard(state.path);
  takeLock(state.path);
  const guard = readRecord(state).kept ? undefined : startOrphanGuard(state.path);
  const close = async (): Promise<void> => {
    await stopUnlessKept(state);
    guard?.dismiss();
    releaseLock(state.path);
  };
  try {
    writeRecord(state, { disposable: options.purpose === 'test' });
    const found = await provideBoth(state, options);
    if (!options.keepRunning) return handle(found, close);
    writeRecord(state, { kept: true });
    await close();
    return handle(found, () => Promise.resolve());
  } catch (error) {
    await close();
    throw error;
  }
}

/** The servers that an earlier run left running on purpose; undefined when they do not all answer. */
export async function attachServers(stateDir: string): Promise<Servers | undefined> {
  const state = openStateFolder(stateDir);
  await awaitEarlierGuard(state.path);
  const [postgres, rabbit] = await Promise.all([livingPostgres(state), livingRabbit(state)]);
  if (!postgres || !rabbit) return undefined;
  return handle({ postgres, rabbit }, () => Promise.resolve());
}

/** Stops whatever is recorded in a state folder, whoever started it; processes that merely reuse an id are left alone. */
export async function stopServers(stateDir: string): Promise<void> {
  const state = openStateFolder(stateDir);
  const { postgres, rabbit, docker, disposable } = readRecord(state);
  await Promise.all([
    stopCluster(postgres?.processes ?? [], disposable),
    stopNode(rabbit?.processes ?? [], disposable),
    docker ? stopDockerServers(docker) : undefined,
  ]);
  writeRecord(state, {
    postgres: undefined,
    rabbit: undefined,
    docker: undefined,
    kept: undefined,
    disposable: undefined,
  });
}

/** The run that holds the state folder, if one is alive. */
export function runningProcess(stateDir: string): ProcessIdentity | undefined {
  return lockHolder(stateDir);
}

async function provideBoth(state: StateFolder, options: ServersOptions): Promise<Both> {
  const [postgres, rabbit] = await Promise.allSettled([
    findOrProvidePostgres(state, options),
    findOrProvideRabbit(state, options),
  ]);
  if (postgres.status === 'rejected') throw postgres.reason;
  if (rabbit.status === 'rejected') throw rabbit.reason;
  return { postgres: postgres.value, rabbit: rabbit.value };
}

/** What a caller sees of the records: no process ids. */
function handle(found: Both, close: () => Promise<void>): Servers {
  const { adminUrl, version, how } = found.postgres;
  const { url, managementUrl, version: rabbitVersion, how: rabbitHow } = found.rabbit;
  return {
    postgres: { adminUrl, version, how },
    rabbit: { url, managementUrl, version: rabbitVersion, how: rabbitHow },
    close,
  };
}

async function findOrProvidePostgres(state: StateFolder, options: ServersOptions): Promise<PostgresRecord> {
  const living = await livingPostgres(state);
  if (living) return living;
  const { postgres, disposable } = readRecord(state);
  await stopCluster(postgres?.processes ?? [], disposable);
  if (options.purpose === 'test') forgetCluster(state);
  return providePostgres(state, options);
}

async function findOrProvideRabbit(state: StateFolder, options: ServersOptions): Promise<RabbitRecord> {
  const living = await livingRabbit(state);
  if (living) return living;
  const { rabbit, disposable } = readRecord(state);
  await stopNode(rabbit?.processes ?? [], disposable);
  if (options.purpose === 'test') forgetNode(state);
  return provideRabbit(state, options);
}

async function livingPostgres(state: StateFolder): Promise<PostgresRecord | undefined> {
  const { postgres } = readRecord(state);
  if (!postgres || !isRunning(postgres.processes)) return undefined;
  return (await answers(postgres.adminUrl)) ? postgres : undefined;
}

async function livingRabbit(state: StateFolder): Promise<RabbitRecord | undefined> {
  const { rabbit } = readRecord(state);
  if (!rabbit || !isRunning(rabbit.processes)) return undefined;
  return (await acceptsLogin(rabbit.url)) ? rabbit : undefined;
}

function isRunning(processes: readonly ProcessIdentity[]): boolean {
  return processes.length > 0 && processes.every(isAlive);
}

async function stopUnlessKept(state: StateFolder): Promise<void> {
  if (!readRecord(state).kept) await stopServers(state.path);
}
