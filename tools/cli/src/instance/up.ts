import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames, type ServiceName } from '@remitflow/kernel';
import { messageTables } from '@remitflow/messaging';
import { migrate, readMigrations } from '@remitflow/persistence';
import {
  attachServers,
  choosePorts,
  openServers,
  openStateFolder,
  provisionDatabase,
  rememberedPorts,
  rememberPorts,
  runningProcess,
  serviceDatabase,
  stopRecordedProcesses,
  superviseProcess,
  type ProvisionedDatabase,
  type Servers,
  type SupervisedProcess,
} from '@remitflow/servers';
import { CliError } from '../cli-error.ts';
import type { Output } from '../output.ts';
import { projectRoot, statePaths, type StatePaths } from '../project.ts';
import { provideBroker } from './broker.ts';
import { bringDown } from './down.ts';
import { environmentOf, type Wiring } from './environment.ts';
import { forgetInstance, livingProcesses, readInstance, writeInstance, type Instance } from './instance.ts';
import { instanceKeys, type InstanceKeys } from './keys.ts';

export type RunningInstance = {
  readonly instance: Instance;
  /** Stops what this call started. */
  stop(): Promise<void>;
};

export type UpOptions = {
  readonly output: Output;
  /** Everything outlives this process. */ readonly detach: boolean;
};

/**
 * Provides servers, databases and topology, and starts whatever of the five services and the bank is not running.
 * Returns when every service is ready.
 */
export async function bringUp({ output, detach }: UpOptions): Promise<RunningInstance> {
  const paths = statePaths();
  await makeRoom(paths, detach);
  makeFolders(paths);
  const step = stepsOn(output);
  const wasRunning = livingProcesses().size > 0;
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
    const ports = await servicePorts(paths);
    started.push(...(await startMissing({ broker, databases, ports, keys, paths }, detach)));
    const instance = instanceAt(ports, servers, detach);
    writeInstance(instance);
    await step('five services and a simulated bank', () => untilReady(instance, started));
    return { instance, stop };
  } catch (error) {
    await stop();
    if (detach && !wasRunning) await bringDown();
    throw error;
  }
}

const instanceAt = (ports: Wiring['ports'], servers: Servers, detached: boolean): Instance => ({
  services: Object.fromEntries(
    serviceNames.map((service) => [service, { url: `http://127.0.0.1:${ports[service]}` }]),
  ) as Instance['services'],
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

/** Ports stay the same from run to run where they can, and always while a service lives. */
async function servicePorts(paths: StatePaths): Promise<Record<ServiceName, number>> {
  const state = openStateFolder(paths.state);
  const living = livingProcesses();
  const remembered = rememberedPorts(state) as Partial<Record<ServiceName, number>>;
  const missing = serviceNames.filter((service) => !living.has(service));
  const chosen = await choosePorts(missing, remembered);
  const ports = { ...remembered, ...chosen } as Record<ServiceName, number>;
  rememberPorts(state, ports);
  return ports;
}

async function startMissing(wiring: Wiring, detach: boolean): Promise<SupervisedProcess[]> {
  const living = livingProcesses();
  const entry = (folder: string): string => join(projectRoot, folder, 'dist', 'main.js');
  const services = serviceNames.map((name) => ({
    name,
    args: [entry(`services/${name}`)],
    env: environmentOf(name, wiring),
  }));
  const { railOutbox, railInbox, bank } = wiring.paths;
  const folders = ['--outbox', railOutbox, '--inbox', railInbox, '--state', bank];
  const all = [
    ...services,
    { name: 'bank', args: [entry('tools/simulated-bank'), ...folders], env: { PATH: process.env['PATH'] } },
  ];
  return Promise.all(
    all
      .filter(({ name }) => !living.has(name))
      .map(({ name, args, env }) =>
        superviseProcess({
          name,
          command: process.execPath,
          args,
          env,
          logFile: join(wiring.paths.logs, `${name}.log`),
          stateDir: wiring.paths.state,
          outlives: detach,
          ...(detach ? {} : { restartAfterMs }),
        }),
      ),
  );
}

async function untilReady(instance: Instance, started: readonly SupervisedProcess[]): Promise<void> {
  const ended = new Set<string>();
  for (const one of started) void one.ended.then(() => ended.add(one.name));
  await Promise.all(serviceNames.map((service) => untilServiceReady(service, instance, ended)));
}

async function untilServiceReady(
  service: ServiceName,
  instance: Instance,
  ended: ReadonlySet<string>,
): Promise<void> {
  const logFile = join(statePaths().logs, `${service}.log`);
  const deadline = Date.now() + readyWithinMs;
  for (let reason = 'it does not answer'; ;) {
    if (ended.has(service)) {
      throw new CliError('service-ended', `${service} ended while starting.`, {
        nextAction: `Read ${logFile}.`,
      });
    }
    try {
      const answer = await fetch(`${instance.services[service].url}/health/ready`, {
        signal: AbortSignal.timeout(2_000),
      });
      if (answer.ok) return;
      reason = ((await answer.json()) as { reason?: string }).reason ?? reason;
    } catch {
      // not listening yet
    }
    if (Date.now() > deadline) {
      throw new CliError('service-not-ready', `${service} is not ready: ${reason}.`, {
        nextAction: `Read ${logFile}.`,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function makeFolders(paths: StatePaths): void {
  for (const folder of Object.values(paths)) mkdirSync(folder, { recursive: true, mode: 0o700 });
}

const readyWithinMs = 60_000;
const restartAfterMs = 500;
