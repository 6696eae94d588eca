import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const ownerOnly = 0o600;

/** The document in a file; undefined when the file is absent or was cut off while written. */
export function readJsonFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Writes a whole document or nothing, readable by the owner alone. */
export function writeJsonFile(path: string, document: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, `${JSON.stringify(document, null, 2)}\n`, { mode: ownerOnly });
  renameSync(partial, path);
}

export function removeFile(path: string): void {
  rmSync(path, { force: true });
}
