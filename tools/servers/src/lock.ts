import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonFile } from './machine/json-file.ts';
import { identifyProcess, isAlive, type ProcessIdentity } from './machine/process-identity.ts';
import { ServersError } from './servers-error.ts';

const fileName = 'lock';

/** Takes the state folder for this process; a lock whose process is gone is taken over. @throws ServersError already-running */
export function takeLock(folder: string): void {
  const lock = join(folder, fileName);
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(identifyProcess(process.pid)));
  try {
    if (linked(mine, lock)) return;
    const holder = readJsonFile(lock) as ProcessIdentity | undefined;
    if (holder && isAlive(holder)) throw alreadyRunning(holder);
    rmSync(lock, { force: true });
    if (!linked(mine, lock)) throw alreadyRunning(readJsonFile(lock) as ProcessIdentity);
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Gives the folder back; a lock that is not this process's stays. */
export function releaseLock(folder: string): void {
  const lock = join(folder, fileName);
  const holder = readJsonFile(lock) as ProcessIdentity | undefined;
  if (holder?.pid === process.pid) rmSync(lock, { force: true });
}

/** The living process that holds the folder, if any. */
export function lockHolder(folder: string): ProcessIdentity | undefined {
  const holder = readJsonFile(join(folder, fileName)) as ProcessIdentity | undefined;
  return holder && isAlive(holder) ? holder : undefined;
}

/** A link appears whole or not at all, so nobody reads a lock that is half written. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function alreadyRunning(holder: ProcessIdentity | undefined): ServersError {
  return new ServersError(
    'already-running',
    `Another remitflow run (process ${holder?.pid ?? 'unknown'}) uses this state folder`,
    'Stop it first (Ctrl-C there, or npx remitflow down), or set REMITFLOW_STATE to another folder.',
  );
}
