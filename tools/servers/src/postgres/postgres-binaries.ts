import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runCommand } from '../machine/command.ts';
import { oldestPostgresMajor, postgresMajor } from './postgres-version.ts';

/** A folder with `postgres` and `initdb`. */
export type PostgresBinaries = {
  readonly binFolder: string;
  readonly version: string;
  readonly env?: Readonly<Record<string, string>>;
};

const usualFolders = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'];
const versionTimeoutMs = 10_000;

/** The newest PostgreSQL installed on this machine that is new enough. */
export async function findPostgresOnMachine(env: NodeJS.ProcessEnv): Promise<PostgresBinaries | undefined> {
  const found: PostgresBinaries[] = [];
  for (const binFolder of candidateFolders(env)) {
    const version = await versionIn(binFolder);
    if (version && postgresMajor(version) >= oldestPostgresMajor) found.push({ binFolder, version });
  }
  return found.sort((a, b) => postgresMajor(b.version) - postgresMajor(a.version))[0];
}

/** The version of the `postgres` program in a folder; undefined when it does not run. */
export async function versionIn(
  binFolder: string,
  env?: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const { exitCode, stdout } = await runCommand(join(binFolder, 'postgres'), ['--version'], {
    timeoutMs: versionTimeoutMs,
    env: { ...process.env, ...env },
  });
  if (exitCode !== 0) return undefined;
  return /(\d+(?:\.\d+)*(?:beta\d+|rc\d+)?)/.exec(stdout)?.[1];
}

function candidateFolders(env: NodeJS.ProcessEnv): readonly string[] {
  const onPath = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const folders = [...onPath, ...usualFolders.flatMap(versionedBinFolders)];
  const real = folders
    .filter((folder) => existsSync(join(folder, 'postgres')) && existsSync(join(folder, 'initdb')))
    .map((folder) => dirname(realpathSync(join(folder, 'postgres'))));
  return [...new Set(real)];
}

function versionedBinFolders(parent: string): readonly string[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => /^(\d+|postgresql(@\d+)?)$/.test(name))
    .map((name) => join(parent, name, 'bin'));
}
