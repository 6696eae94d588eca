import { join } from 'node:path';
import {
  choosePorts,
  openStateFolder,
  rememberedPorts,
  rememberPorts,
  stopRecordedProcesses,
  superviseProcess,
  type SupervisedProcess,
} from '@remitflow/servers';
import { CliError } from '../cli-error.ts';
import { projectRoot, statePaths, type StatePaths } from '../project.ts';
import { environmentOf, type Wiring } from './environment.ts';
import { livingProcesses, type Instance } from './instance.ts';
import { serviceOf, type ServiceProcess } from './scale.ts';

/** A process of a service, and the port that it has. */
export type PlacedProcess = ServiceProcess & { readonly port: number };

/** Ports stay the same from run to run where they can, and always while a process lives. */
export async function placeProcesses(
  processes: readonly ServiceProcess[],
  paths: StatePaths,
): Promise<PlacedProcess[]> {
  const state = openStateFolder(paths.state);
  const living = livingProcesses();
  const remembered = rememberedPorts(state) as Record<string, number>;
  const missing = processes.filter(({ name }) => !living.has(name)).map(portName);
  const ports = { ...remembered, ...(await choosePorts(missing, remembered)) };
  rememberPorts(state, ports);
  return processes.map((one) => ({ ...one, port: ports[portName(one)]! }));
}

/** The first of a service has the port that it would have alone. */
const portName = ({ service, index }: ServiceProcess): string =>
  index === 1 ? service : `${service}-${index}`;

/** Stops the processes of services that are not asked for any more. */
export async function stopSurplus(wanted: readonly ServiceProcess[], paths: StatePaths): Promise<void> {
  const names = new Set(wanted.map(({ name }) => name));
  const isSurplus = (name: string): boolean => serviceOf(name) !== undefined && !names.has(name);
  await stopRecordedProcesses(paths.state, { only: isSurplus });
}

/** Starts those that do not run, and the bank. */
export async function startMissing(
  processes: readonly PlacedProcess[],
  wiring: Wiring,
  detach: boolean,
): Promise<SupervisedProcess[]> {
  const living = livingProcesses();
  const services = processes.map((one) => ({
    name: one.name,
    args: [entry(`services/${one.service}`)],
    env: environmentOf(one, wiring),
  }));
  return Promise.all(
    [...services, bankOf(wiring.paths)]
      .filter(({ name }) => !living.has(name))
      .map(({ name, args, env }) =>
        superviseProcess({
          name,
          command: process.execPath,
          args,
          env,
          logFile: logFileOf(name),
          stateDir: wiring.paths.state,
          outlives: detach,
          ...(detach ? {} : { restartAfterMs }),
        }),
      ),
  );
}

const entry = (folder: string): string => join(projectRoot, folder, 'dist', 'main.js');

function bankOf({ railOutbox, railInbox, bank }: StatePaths): {
  name: string;
  args: string[];
  env: NodeJS.ProcessEnv;
} {
  const folders = ['--outbox', railOutbox, '--inbox', railInbox, '--state', bank];
  return {
    name: 'bank',
    args: [entry('tools/simulated-bank'), ...folders],
    env: { PATH: process.env['PATH'] },
  };
}

const logFileOf = (name: string): string => join(statePaths().logs, `${name}.log`);

/** Resolves when every process of every service says that it is ready. @throws CliError service-ended, service-not-ready */
export async function untilReady(
  { services }: Instance,
  started: readonly SupervisedProcess[],
): Promise<void> {
  const ended = new Set<string>();
  for (const one of started) void one.ended.then(() => ended.add(one.name));
  const processes = Object.values(services).flatMap((service) => service.processes);
  const withinMs = readyWithinMs + readyWithinMsEach * processes.length;
  await Promise.all(processes.map((one) => untilProcessReady(one, ended, withinMs)));
}

async function untilProcessReady(
  { name, url }: { name: string; url: string },
  ended: ReadonlySet<string>,
  withinMs: number,
): Promise<void> {
  const nextAction = `Read ${logFileOf(name)}.`;
  const deadline = Date.now() + withinMs;
  for (let reason = 'it does not answer'; ;) {
    if (ended.has(name)) throw new CliError('service-ended', `${name} ended while starting.`, { nextAction });
    try {
      const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
      if (answer.ok) return;
      reason = ((await answer.json()) as { reason?: string }).reason ?? reason;
    } catch {
      // not listening yet
    }
    if (Date.now() > deadline)
      throw new CliError('service-not-ready', `${name} is not ready: ${reason}.`, { nextAction });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const readyWithinMs = 45_000;
/** They start at the same time, on as few cores as there are. */
const readyWithinMsEach = 5_000;
const restartAfterMs = 500;
