import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDetached } from '../machine/detached.ts';
import { findLeftOver } from '../machine/left-over.ts';
import { choosePorts, loopback } from '../machine/ports.ts';
import { isAlive, type ProcessIdentity } from '../machine/process-identity.ts';
import { stopProcess } from '../machine/stop-process.ts';
import type { HowProvided, RabbitRecord } from '../servers-record.ts';
import { onFreePorts, startFailed } from '../start-failed.ts';
import {
  logFile,
  rememberedPorts,
  rememberPorts,
  secret,
  writeRecord,
  type StateFolder,
} from '../state-folder.ts';
import { nodeEnvironment } from './node-environment.ts';
import type { RabbitBinaries } from './rabbit-binaries.ts';
import { awaitRabbit } from './rabbit-probe.ts';
import { enabledPlugins, rabbitConfiguration, type RabbitPorts } from './rabbit-settings.ts';

export type NodeWanted = {
  readonly state: StateFolder;
  readonly binaries: RabbitBinaries;
  readonly how: HowProvided;
};

type Node = NodeWanted & { readonly folder: string; readonly ports: RabbitPorts };

/**
 * SIGTERM closes connections and message stores within milliseconds; the Erlang machine then idles for five more seconds,
 * which is not waited for: what quorum queues confirmed is on disk already.
 */
const cleanStop = { signal: 'SIGTERM', graceMs: 1_500 } as const;
const immediateStop = { signal: 'SIGKILL', graceMs: 2_500 } as const;

const startTimeoutMs = 90_000;
const login = { user: 'remitflow', host: 'remitflow' } as const;
const portNames = {
  amqp: 'rabbit',
  management: 'rabbitManagement',
  prometheus: 'rabbitPrometheus',
  distribution: 'rabbitDistribution',
  epmd: 'rabbitEpmd',
} as const;

/** Starts a RabbitMQ node of our own on loopback ports, with its own port mapper daemon (epmd). */
export async function startPrivateNode(wanted: NodeWanted): Promise<RabbitRecord> {
  const { state } = wanted;
  const folder = nodeFolder(state);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const left of leftOver(folder)) await stopProcess(left, cleanStop);
  return onFreePorts(async () => {
    const node: Node = { ...wanted, folder, ports: await nodePorts(state) };
    const password = secret(state, 'rabbit');
    writeFileSync(join(folder, 'rabbitmq.conf'), configuration(node, password), { mode: 0o600 });
    writeFileSync(join(folder, 'enabled_plugins'), enabledPlugins);
    return start(node, password);
  });
}

function nodeFolder(state: StateFolder): string {
  return join(state.path, 'rabbitmq');
}

function leftOver(folder: string): readonly ProcessIdentity[] {
  const left = findLeftOver(join(folder, 'pid'), join(folder, 'mnesia'));
  return left ? [left] : [];
}

async function nodePorts(state: StateFolder): Promise<RabbitPorts> {
  const chosen = await choosePorts(Object.values(portNames), rememberedPorts(state));
  rememberPorts(state, chosen);
  return {
    amqp: chosen.rabbit,
    management: chosen.rabbitManagement,
    prometheus: chosen.rabbitPrometheus,
    distribution: chosen.rabbitDistribution,
    epmd: chosen.rabbitEpmd,
  };
}

function configuration({ ports }: Node, password: string): string {
  return rabbitConfiguration(ports, { ...login, password });
}

async function start(node: Node, password: string): Promise<RabbitRecord> {
  const { state, binaries, ports } = node;
  const log = logFile(state, 'rabbitmq');
  const epmd = await startEpmd(node);
  const record = describe(node, password);
  writeRecord(state, { rabbit: { ...record, processes: [epmd] } });
  const server = await startDetached({
    program: join(binaries.home, 'sbin', 'rabbitmq-server'),
    args: [],
    env: nodeEnvironment({ ...node, name: nodeName(node.folder) }),
    cwd: node.folder,
    logFile: log,
  });
  const complete: RabbitRecord = { ...record, processes: [server, epmd] };
  writeRecord(state, { rabbit: complete });
  const url = localUrl(ports.amqp, password);
  if (await awaitRabbit(url, { isAlive: () => isAlive(server), timeoutMs: startTimeoutMs })) {
    return complete;
  }
  await stopNode(complete.processes);
  throw startFailed('RabbitMQ did not start', readFileSync(log, 'utf8'));
}

/** Stops broker and port mapper in that order: the broker takes its leave from the mapper. */
export async function stopNode(processes: readonly ProcessIdentity[], disposable = false): Promise<void> {
  for (const one of processes) await stopProcess(one, disposable ? immediateStop : cleanStop);
}

/** Throws queues and messages away, so that a test run never meets what an earlier one left. */
export function forgetNode(state: StateFolder): void {
  rmSync(nodeFolder(state), { recursive: true, force: true });
}

/** In the foreground, because a daemonised epmd would survive us without anyone knowing its process id. */
function startEpmd({ state, binaries, ports, folder }: Node): Promise<ProcessIdentity> {
  return startDetached({
    program: binaries.erlang.epmd,
    args: ['-port', String(ports.epmd), '-address', loopback],
    env: { PATH: process.env['PATH'], ...binaries.erlang.env },
    cwd: folder,
    logFile: logFile(state, 'epmd'),
  });
}

function describe(node: Node, password: string): Omit<RabbitRecord, 'processes'> {
  const { user } = login;
  return {
    how: node.how,
    url: localUrl(node.ports.amqp, password),
    managementUrl: `http://${user}:${password}@${loopback}:${node.ports.management}`,
    version: node.binaries.version,
  };
}

function localUrl(port: number, password: string): string {
  return `amqp://${login.user}:${password}@${loopback}:${port}/${login.host}`;
}

const nameLength = 8;

function nodeName(folder: string): string {
  return `remitflow-${createHash('sha256').update(folder).digest('hex').slice(0, nameLength)}`;
}
