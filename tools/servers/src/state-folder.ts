import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Account } from './machine/account.ts';
import { readJsonFile, writeJsonFile } from './machine/json-file.ts';
import { isTraversableByOthers, letOthersPass } from './machine/traversable.ts';
import { guardedFile } from './orphan-guard.ts';
import type { ServersRecord } from './servers-record.ts';

export type StateFolder = {
  readonly path: string;
  /** Downloads that may be kept when the rest is thrown away. */
  readonly cachePath: string;
};

const secretBytes = 18;

export function openStateFolder(stateDir: string, cacheDir?: string): StateFolder {
  const path = resolve(stateDir);
  mkdirSync(join(path, 'logs'), { recursive: true });
  return { path, cachePath: resolve(cacheDir ?? join(path, 'cache')) };
}

export function logFile(state: StateFolder, server: string): string {
  return join(state.path, 'logs', `${server}.log`);
}

/** A random secret made on first use and kept in a file only its owner reads. */
export function secret(state: StateFolder, name: string): string {
  const file = join(state.path, 'secrets.json');
  const secrets = (readJsonFile(file) ?? {}) as Record<string, string>;
  const known = secrets[name];
  if (known) return known;
  const made = randomBytes(secretBytes).toString('base64url');
  writeJsonFile(file, { ...secrets, [name]: made });
  return made;
}

export function rememberedPorts(state: StateFolder): Record<string, number> {
  return (readJsonFile(join(state.path, 'ports.json')) ?? {}) as Record<string, number>;
}

export function rememberPorts(state: StateFolder, ports: Readonly<Record<string, number>>): void {
  writeJsonFile(join(state.path, 'ports.json'), { ...rememberedPorts(state), ...ports });
}

export function readRecord(state: StateFolder): ServersRecord {
  return (readJsonFile(join(state.path, 'servers.json')) ?? {}) as ServersRecord;
}

export function writeRecord(state: StateFolder, change: Partial<ServersRecord>): void {
  const record = { ...readRecord(state), ...change };
  writeJsonFile(join(state.path, 'servers.json'), record);
  const postgres =
    record.postgres?.processes.map(({ pid }) => `${record.disposable ? 'QUIT' : 'INT'} ${pid}`) ?? [];
  const rabbit =
    record.rabbit?.processes.map(({ pid }) => `${record.disposable ? 'KILL' : 'TERM'} ${pid}`) ?? [];
  const lines = [...postgres, ...rabbit].map((line) => `${line}\n`);
  writeFileSync(join(state.path, guardedFile), lines.join(''));
}

/**
 * Where files for another account may live: the state folder, or, when its parents are closed to that account
 * (a 0700 home), a folder in the temporary area that the record remembers so that reset removes it.
 */
export function accountFolder(state: StateFolder, account: Account | undefined): string {
  if (!account) return state.path;
  letOthersPass(state.path);
  if (isTraversableByOthers(join(state.path, 'x'))) return state.path;
  const known = readRecord(state).temporaryFolder;
  if (known) {
    mkdirSync(known, { recursive: true });
    return known;
  }
  const made = mkdtempSync(join(tmpdir(), 'remitflow-'));
  chmodSync(made, 0o711);
  writeRecord(state, { temporaryFolder: made });
  return made;
}

/** Makes a folder that the server's account owns and nobody else reads. */
export function makeOwnedFolder(path: string, account: Account | undefined): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (account) chownSync(path, account.uid, account.gid);
}
