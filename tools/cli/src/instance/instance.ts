import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames, type ServiceName } from '@remitflow/kernel';
import { recordedProcesses } from '@remitflow/servers';
import { CliError, exitCodes } from '../cli-error.ts';
import { statePaths } from '../project.ts';
import type { Scale } from './scale.ts';

/** Where a running remitflow can be reached. */
export type Instance = {
  /** By service: the address of its first process, and all its processes in their order. */
  readonly services: Readonly<
    Record<
      ServiceName,
      { readonly url: string; readonly processes: readonly { readonly name: string; readonly url: string }[] }
    >
  >;
  readonly rabbitManagementUrl?: string;
  readonly startedAt: string;
  /** Outlives the command that started it. */
  readonly detached: boolean;
};

const fileOf = (state: string): string => join(state, 'instance.json');

export function writeInstance(instance: Instance): void {
  writeFileSync(fileOf(statePaths().state), JSON.stringify(instance, null, 2), { mode: 0o600 });
}

export function forgetInstance(): void {
  rmSync(fileOf(statePaths().state), { force: true });
}

export function readInstance(): Instance | undefined {
  const file = fileOf(statePaths().state);
  if (!existsSync(file)) return undefined;
  const written = JSON.parse(readFileSync(file, 'utf8')) as Instance;
  const services = Object.entries(written.services).map(([name, service]) => {
    // An instance of before services had several processes.
    return [name, { ...service, processes: service.processes ?? [{ name, url: service.url }] }];
  });
  return { ...written, services: Object.fromEntries(services) as Instance['services'] };
}

/** How many processes of each service an instance has. */
export const scaleOf = (instance: Instance | undefined): Scale =>
  Object.fromEntries(
    Object.entries(instance?.services ?? {}).map(([service, { processes }]) => [service, processes.length]),
  );

/** Which processes of services, and whether the bank, are alive, by name. */
export function livingProcesses(): ReadonlyMap<string, number> {
  const living = recordedProcesses(statePaths().state).filter((one) => one.alive);
  return new Map(living.map((one) => [one.name, one.pid]));
}

/**
 * The processes of a service and where each can be asked: REMITFLOW_<SERVICE>_URL when set (a deployment elsewhere), else those of
 * the instance that `remitflow up` started. Throws `not-running` when there is neither.
 */
export function serviceProcesses(service: ServiceName): readonly { name: string; url: string }[] {
  const explicit = process.env[`REMITFLOW_${service.toUpperCase()}_URL`];
  if (explicit) return [{ name: service, url: explicit.replace(/\/$/, '') }];
  const instance = readInstance();
  if (instance) return instance.services[service].processes;
  throw new CliError('not-running', 'remitflow is not running here.', {
    nextAction: 'Start it with `npx remitflow up --detach`, or `npm start` for a demonstration.',
    exitCode: exitCodes.notRunning,
  });
}

export const allServices = serviceNames;
