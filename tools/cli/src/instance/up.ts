import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames, type ServiceName } from '@remitflow/kernel';
import { messageTables } from '@remitflow/messaging';
import { migrate, readMigrations } from '@remitflow/persistence';
import {
  attachServers,
  openServers,
  provisionDatabase,
  runningProcess,
  serviceDatabase,
  stopRecordedProcesses,
  type ProvisionedDatabase,
  type Servers,
  type SupervisedProcess,
} from '@remitflow/servers';
import { CliError } from '../cli-error.ts';
import type { Output } from '../output.ts';
import { projectRoot, statePaths, type StatePaths } from '../project.ts';
import { provideBroker } from './broker.ts';
import { bringDown } from './down.ts';
import type { Wiring } from './environment.ts';
import {
  forgetInstance,
  livingProcesses,
  readInstance,
  scaleOf,
  writeInstance,
  type Instance,
} from './instance.ts';
import { instanceKeys, type InstanceKeys } from './keys.ts';
import { describeScale, processesOf, type Scale } from './scale.ts';
import {
  placeProcesses,
  startMissing,
  stopSurplus,
  untilReady,
  type PlacedProcess,
} from './service-processes.ts';

export type RunningInstance = {
  readonly instance: Instance;
  /** Stops what this call started. */
  stop(): Promise<void>;
};

export type UpOptions = {
  readonly output: Output;
  /** Everything outlives this process. */ readonly detach: boolean;
  /** What is not said stays as it is in a detached instance, and is one process otherwise. */ readonly scale?: Scale;
};

/**
 * Provides servers, databases and topology, and starts whatever of the five services and the bank is not running.
 * Returns when every service is ready.
 */
export async function bringUp({ output, detach, scale: asked = {} }: UpOptions): Promise<RunningInstance> {
  const paths = statePaths();
  await makeRoom(paths, detach);
  makeFolders(paths);
  const step = stepsOn(output);
  const wasRunning = livingProcesses().size > 0;
  const scale = { ...(wasRunning ? scaleOf(readInstance()) : {}), ...asked };
  const servers = await provideServers(paths, { output, detach });
  const started: SupervisedProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((one) => one.stop()));
    await servers.close();
    if (!wasRunning) forgetInstance();
  };
  try {
    const keys = instanceKeys(paths.state);
    const databases = await step('databases, roles and migrations', () => provideDatabases(servers, keys));
    const warn = (text: string): void => output.line(`  ! ${text}`);
    const broker = await step('broker topology and logins', () => provideBroker(servers.rabbit, keys, warn));
    const wanted = processesOf(scale, new Set(livingProcesses().keys()));
    await stopSurplus(wanted, paths);
    const processes = await placeProcesses(wanted, paths);
    started.push(...(await startMissing(processes, { broker, databases, keys, paths }, detach)));
    const instance = instanceAt(processes, servers, detach);
    writeInstance(instance);
    await step(`${describeScale(scale)} and a simulated bank`, () => untilReady(instance, started));
    return { instance, stop };
  } catch (error) {
    await stop();
    if (detach && !wasRunning) await bringDown();
    throw error;
  }
}

const instanceAt = (placed: readonly PlacedProcess[], servers: Servers, detached: boolean): Instance => ({
  services: Object.fromEntries(
    serviceNames.map((service) => {
      const processes = placed
        .filter((one) => one.service === service)
        .map(({ name, port }) => ({ name, url: `http://127.0.0.1:${port}` }));
      return [service, { url: processes[0]!.url, processes }];
    }),
  ) as unknown as Instance['services'],
  ...(servers.rabbit.managementUrl ? { rabbitManagementUrl: servers.rabbit.managementUrl } : {}),
  startedAt: new Date().toISOString(),
  detached,
});

const stepsOn =
  (output: Output) =>
  async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    const result = await work();
    output.line(`  ✓ ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    return result;
  };

/** A detached instance is added to; any other one that lives is in the way, and what a killed run left is stopped. */
async function makeRoom(paths: StatePaths, detach: boolean): Promise<void> {
  const detached = readInstance()?.detached === true && livingProcesses().size > 0;
  if (detached && detach) return;
  if (detached || runningProcess(paths.state)) {
    throw new CliError('already-running', 'remitflow is already running here.', {
      nextAction: 'Use it as it is (`npx remitflow status`), or stop it first with `npx remitflow down`.',
    });
  }
  await stopRecordedProcesses(paths.state);
}

async function provideServers(paths: StatePaths, { output, detach }: UpOptions): Promise<Servers> {
  const attached = detach ? await attachServers(paths.state) : undefined;
  if (attached) return attached;
  return openServers({
    stateDir: paths.state,
    cacheDir: process.env['REMITFLOW_CACHE'],
    composeFile: join(projectRoot, 'docker-compose.yml'),
    purpose: 'demo',
    env: process.env,
    report: (text) => output.line(`  · ${text}`),
    keepRunning: detach,
  });
}

async function provideDatabases(servers: Servers, keys: InstanceKeys): Promise<Wiring['databases']> {
  const databases = await Promise.all(
    serviceNames.map(async (service) => {
      const wanted = serviceDatabase(service, keys.databasePasswords[service]!);
      const database = await provisionDatabase(servers.postgres.adminUrl, wanted);
      const folder = join(projectRoot, 'services', service, 'dist', 'migrations');
      await migrate(database.migratorUrl, [...messageTables(), ...readMigrations(service, folder)]);
      return [service, database] as const;
    }),
  );
  return Object.fromEntries(databases) as Record<ServiceName, ProvisionedDatabase>;
}

function makeFolders(paths: StatePaths): void {
  for (const folder of Object.values(paths)) mkdirSync(folder, { recursive: true, mode: 0o700 });
}
