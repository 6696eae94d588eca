import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { serverAccount } from './machine/account.ts';
import { letOthersPass } from './machine/traversable.ts';
import { probePostgres } from './postgres/postgres-probe.ts';
import { probeRabbit } from './rabbit/rabbit-probe.ts';
import { openServers, type Servers } from './servers.ts';

export const testVariables = {
  postgres: 'REMITFLOW_TEST_POSTGRES_URL',
  rabbit: 'REMITFLOW_TEST_RABBIT_URL',
  management: 'REMITFLOW_TEST_RABBIT_MANAGEMENT_URL',
} as const;

/**
 * The servers of a test run: those a runner around us has already started (named by the environment), or private ones
 * under `.remitflow/test`, which the environment then names for everyone this process starts.
 */
export async function privateTestServers(report: (step: string) => void = () => undefined): Promise<Servers> {
  return (await serversOfTheRun()) ?? startTestServers(report);
}

/** Those that the runner around us has started: theirs to stop. */
async function serversOfTheRun(): Promise<Servers | undefined> {
  const adminUrl = process.env[testVariables.postgres];
  const url = process.env[testVariables.rabbit];
  if (!adminUrl || !url) return undefined;
  const [postgresVersion, rabbitVersion] = await Promise.all([probePostgres(adminUrl), probeRabbit(url)]);
  return {
    postgres: { adminUrl, version: postgresVersion, how: 'url' },
    rabbit: { url, managementUrl: process.env[testVariables.management], version: rabbitVersion, how: 'url' },
    close: () => Promise.resolve(),
  };
}

async function startTestServers(report: (step: string) => void): Promise<Servers> {
  const state = stateFolder(process.env);
  mkdirSync(state, { recursive: true });
  if (serverAccount()) letOthersPass(state);
  const servers = await openServers({
    stateDir: join(state, 'test'),
    cacheDir: join(state, 'cache'),
    composeFile: join(projectRoot(), 'docker-compose.yml'),
    purpose: 'test',
    env: { ...process.env },
    report,
  });
  process.env[testVariables.postgres] = servers.postgres.adminUrl;
  process.env[testVariables.rabbit] = servers.rabbit.url;
  if (servers.rabbit.managementUrl) {
    process.env[testVariables.management] ??= servers.rabbit.managementUrl;
  }
  return servers;
}

/** The git-ignored folder that holds all state: `.remitflow` of the project, or what REMITFLOW_STATE says. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  return resolve(env['REMITFLOW_STATE'] || join(projectRoot(), '.remitflow'));
}

function projectRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'nx.json'))) {
    const parent = dirname(folder);
    if (parent === folder) return process.cwd();
    folder = parent;
  }
  return folder;
}
