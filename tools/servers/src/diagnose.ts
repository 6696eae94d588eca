import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { choiceVariables, readChoices } from './choices.ts';
import { dockerAnswers } from './docker/docker-engine.ts';
import { lockHolder } from './lock.ts';
import { serverAccount } from './machine/account.ts';
import { runCommand } from './machine/command.ts';
import { findPostgresOnMachine } from './postgres/postgres-binaries.ts';
import { probePostgres } from './postgres/postgres-probe.ts';
import { findRabbitOnMachine } from './rabbit/rabbit-binaries.ts';
import { probeRabbit } from './rabbit/rabbit-probe.ts';
import { ServersError } from './servers-error.ts';

export type Finding = {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly nextAction?: string;
};

const oldestNode = [20, 19] as const;
const neededBytes = 500 * 1024 * 1024;
const lookUpTimeoutMs = 20_000;

/** What `remitflow doctor` tells: each condition of a start, what was found, and what to do when it does not hold. */
export async function diagnose(env: NodeJS.ProcessEnv, stateDir: string): Promise<readonly Finding[]> {
  const docker = await dockerAnswers(env);
  return [
    nodeVersion(process.versions.node),
    stateFolder(stateDir),
    diskSpace(stateDir),
    { name: 'docker', ok: true, found: docker ? 'an engine answers' : 'no engine answers (not needed)' },
    await worded('PostgreSQL', () => postgres(env, docker)),
    await worded('RabbitMQ', () => rabbit(env, docker)),
    holder(stateDir),
  ];
}

export function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  const nextAction = ok ? undefined : `Install Node ${oldestNode.join('.')} or newer.`;
  return { name: 'Node', ok, found: version, nextAction };
}

function stateFolder(stateDir: string): Finding {
  const name = 'state folder';
  try {
    accessSync(nearestFolder(stateDir), constants.W_OK);
    return { name, ok: true, found: `${stateDir} can be written` };
  } catch {
    const nextAction = `Run as the user who owns ${stateDir}, or set REMITFLOW_STATE to a folder of yours.`;
    return { name, ok: false, found: `${stateDir} cannot be written`, nextAction };
  }
}

function diskSpace(stateDir: string): Finding {
  const { bavail, bsize } = statfsSync(nearestFolder(stateDir));
  const free = bavail * bsize;
  const found = `${Math.round(free / 1024 / 1024)} MB free`;
  if (free >= neededBytes) return { name: 'disk', ok: true, found };
  return {
    name: 'disk',
    ok: false,
    found,
    nextAction: 'Free at least 500 MB, or set REMITFLOW_STATE to a larger disk.',
  };
}

function nearestFolder(path: string): string {
  const folder = resolve(path);
  return existsSync(folder) ? folder : nearestFolder(dirname(folder));
}

async function postgres(env: NodeJS.ProcessEnv, docker: boolean): Promise<string> {
  const { url, ways } = readChoices(env, choiceVariables('postgres', 'demo'));
  if (url) return `DATABASE_URL answers: ${await probePostgres(url)}`;
  if (docker && ways.includes('docker')) return 'by docker compose';
  const account = serverAccount();
  const as = account ? `, as the account ${account.name}` : '';
  const binaries = ways.includes('machine') ? await findPostgresOnMachine(env) : undefined;
  if (binaries) return `private ${binaries.version} from ${binaries.binFolder}${as}`;
  return `embedded, from npm${as}`;
}

async function rabbit(env: NodeJS.ProcessEnv, docker: boolean): Promise<string> {
  const { url, ways } = readChoices(env, choiceVariables('rabbit', 'demo'));
  if (url) return `RABBITMQ_URL answers: ${await probeRabbit(url)}`;
  if (docker && ways.includes('docker')) return 'by docker compose';
  const binaries = ways.includes('machine') ? findRabbitOnMachine(env) : undefined;
  if (binaries) return `private ${binaries.version} from ${binaries.home}`;
  const apt = await runCommand('apt-get', ['--version'], { timeoutMs: lookUpTimeoutMs });
  if (apt.exitCode === 0) return 'from the system packages, unpacked into the state folder';
  throw new ServersError(
    'no-package-tools',
    'neither RabbitMQ nor apt-get is on this machine',
    'Install RabbitMQ 3.10 or newer, start a docker engine, or set RABBITMQ_URL.',
  );
}

async function worded(name: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { name, ok: true, found: await look() };
  } catch (error) {
    if (!(error instanceof ServersError)) throw error;
    return { name, ok: false, found: error.message, nextAction: error.nextAction };
  }
}

function holder(stateDir: string): Finding {
  const running = lockHolder(stateDir);
  const found = running ? `process ${running.pid} is running here` : 'no other run';
  return { name: 'other runs', ok: true, found };
}
