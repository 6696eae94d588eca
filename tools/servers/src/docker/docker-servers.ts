import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { runCommand, type CommandResult } from '../machine/command.ts';
import { choosePorts } from '../machine/ports.ts';
import { probePostgres } from '../postgres/postgres-probe.ts';
import { probeRabbit } from '../rabbit/rabbit-probe.ts';
import type { ServersOptions } from '../servers.ts';
import type { DockerRecord, PostgresRecord, RabbitRecord } from '../servers-record.ts';
import { rememberedPorts, rememberPorts, secret, writeRecord, type StateFolder } from '../state-folder.ts';
import { postgresUrl, rabbitUrl, type ComposeConfiguration } from './compose-urls.ts';
import { dockerAnswers } from './docker-engine.ts';

export type ByDocker = { readonly postgres?: PostgresRecord; readonly rabbit?: RabbitRecord };

type ComposeService = 'postgres' | 'rabbitmq';
type Compose = (args: readonly string[], timeoutMs?: number) => Promise<CommandResult>;

const startTimeoutMs = 300_000;
const askTimeoutMs = 20_000;
const portNames = ['dockerPostgres', 'dockerRabbit', 'dockerRabbitManagement'] as const;

/** One infrastructure service of docker-compose.yml, or nothing when no engine answers or it cannot be started. */
export async function provideByDocker(
  state: StateFolder,
  options: ServersOptions,
  service: ComposeService,
): Promise<ByDocker> {
  const { composeFile, report } = options;
  if (!composeFile || !existsSync(composeFile) || !(await dockerAnswers(options.env))) return {};
  const docker: DockerRecord = { project: projectName(state, options), composeFile };
  writeRecord(state, { docker });
  const compose = composeOf(docker, await composeEnvironment(state, options.env));
  report(`starting ${service} with docker compose`);
  const up = await oneAtATime(() => compose(['up', '-d', '--wait', service], startTimeoutMs));
  try {
    if (up.exitCode === 0) return await described(compose, service);
    report(`docker could not start ${service} (${lastLine(up.stderr)}); trying without docker`);
  } catch (error) {
    report(`${service} of docker cannot be used (${(error as Error).message}); trying without it`);
  }
  return {};
}

/** Stops the containers and keeps their volumes; by project alone, as the file would ask for its variables again. */
export async function stopDockerServers({ project }: DockerRecord): Promise<void> {
  await runCommand('docker', ['compose', '-p', project, 'stop'], { timeoutMs: startTimeoutMs });
}

async function described(compose: Compose, service: ComposeService): Promise<ByDocker> {
  const shown = await compose(['config', '--format', 'json']);
  const configuration = JSON.parse(shown.stdout) as ComposeConfiguration;
  if (service === 'postgres') {
    const adminUrl = postgresUrl(configuration, await published(compose, service, 5432));
    const version = await probePostgres(adminUrl);
    return { postgres: { how: 'docker', adminUrl, version, processes: [] } };
  }
  const urls = rabbitUrl(configuration, {
    amqp: await published(compose, service, 5672),
    management: await published(compose, service, 15672),
  });
  return { rabbit: { how: 'docker', ...urls, version: await probeRabbit(urls.url), processes: [] } };
}

async function published(compose: Compose, service: ComposeService, port: number): Promise<string> {
  const { stdout } = await compose(['port', service, String(port)]);
  return stdout.trim().replace(/^0\.0\.0\.0|^\[::\]/, '127.0.0.1');
}

function composeOf({ project, composeFile }: DockerRecord, env: NodeJS.ProcessEnv): Compose {
  return (args, timeoutMs = askTimeoutMs) =>
    runCommand('docker', ['compose', '-p', project, '-f', composeFile, ...args], {
      timeoutMs,
      env,
    });
}

/** The values docker-compose.yml may take from its environment: free ports and generated passwords. */
async function composeEnvironment(state: StateFolder, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  // Ports of containers that already run are not free, and must nevertheless stay what they are.
  const ports = { ...(await choosePorts(portNames, {})), ...rememberedPorts(state) };
  rememberPorts(state, ports);
  return {
    REMITFLOW_POSTGRES_PORT: String(ports.dockerPostgres),
    REMITFLOW_RABBITMQ_PORT: String(ports.dockerRabbit),
    REMITFLOW_RABBITMQ_MANAGEMENT_PORT: String(ports.dockerRabbitManagement),
    REMITFLOW_POSTGRES_PASSWORD: secret(state, 'postgres'),
    REMITFLOW_RABBITMQ_PASSWORD: secret(state, 'rabbit'),
    ...env,
  };
}

const hashLength = 8;

/** A project per state folder: two checkouts, or tests and a demo, never share containers. */
function projectName(state: StateFolder, { purpose }: ServersOptions): string {
  const hash = createHash('sha256').update(state.path).digest('hex').slice(0, hashLength);
  return `remitflow-${purpose}-${hash}`;
}

let lastStart: Promise<unknown> = Promise.resolve();

/** Two compose commands at once would both try to make the project's network. */
function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const next = lastStart.then(work);
  lastStart = next.catch(() => undefined);
  return next;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
