import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonFile, removeFile, writeJsonFile } from '../machine/json-file.ts';
import { isAlive, type ProcessIdentity } from '../machine/process-identity.ts';
import { stopProcess } from '../machine/stop-process.ts';

export type RecordedProcess = ProcessIdentity & { readonly name: string; readonly alive: boolean };

const extension = '.json';
const defaultGraceMs = 15_000;

export function recordProcess(stateDir: string, name: string, identity: ProcessIdentity): void {
  writeJsonFile(file(stateDir, name), identity);
}

export function forgetProcess(stateDir: string, name: string): void {
  removeFile(file(stateDir, name));
}

/** The supervised processes that a state folder knows, by name. */
export function recordedProcesses(stateDir: string): readonly RecordedProcess[] {
  const folder = processFolder(stateDir);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(extension));
  return names.sort().flatMap((fileName) => {
    const identity = readJsonFile(join(folder, fileName)) as ProcessIdentity | undefined;
    if (!identity) return [];
    return [{ name: fileName.slice(0, -extension.length), ...identity, alive: isAlive(identity) }];
  });
}

export type StopOptions = {
  readonly graceMs?: number;
  /** By name; every one when not said. */
  readonly only?: (name: string) => boolean;
};

/** Stops recorded processes, whoever started them, all at the same time. */
export async function stopRecordedProcesses(stateDir: string, options: StopOptions = {}): Promise<void> {
  const { graceMs = defaultGraceMs, only = () => true } = options;
  const asked = recordedProcesses(stateDir).filter(({ name }) => only(name));
  const stopped = asked.map(async (one) => {
    await stopProcess(one, { signal: 'SIGTERM', graceMs });
    forgetProcess(stateDir, one.name);
  });
  await Promise.all(stopped);
}

function processFolder(stateDir: string): string {
  return join(stateDir, 'processes');
}

function file(stateDir: string, name: string): string {
  return join(processFolder(stateDir), `${name}${extension}`);
}
