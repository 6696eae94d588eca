import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceNames, type ServiceName } from '@remitflow/kernel';
import { recordedProcesses } from '@remitflow/servers';
import { CliError, exitCodes } from '../cli-error.ts';
import { statePaths } from '../project.ts';

/** Where a running remitflow can be reached. */
export type Instance = {
  readonly services: Readonly<Record<ServiceName, { url: string }>>;
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
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Instance) : undefined;
}

/** Which of the five services and the bank are alive, by name. */
export function livingProcesses(): ReadonlyMap<string, number> {
  const living = recordedProcesses(statePaths().state).filter((one) => one.alive);
  return new Map(living.map((one) => [one.name, one.pid]));
}

/**
 * The base URL of a service: REMITFLOW_<SERVICE>_URL when set (a deployment elsewhere), else the instance that
 * `remitflow up` started. Throws `not-running` when there is neither.
 */
export function serviceUrl(service: ServiceName): string {
  const explicit = process.env[`REMITFLOW_${service.toUpperCase()}_URL`];
  if (explicit) return explicit.replace(/\/$/, '');
  const instance = readInstance();
  if (!instance) {
    throw new CliError('not-running', 'remitflow is not running here.', {
      nextAction: 'Start it with `npx remitflow up --detach`, or `npm start` for a demonstration.',
      exitCode: exitCodes.notRunning,
    });
  }
  return instance.services[service].url;
}

export const allServices = serviceNames;
