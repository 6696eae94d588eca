import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, type CommandResult } from '../machine/command.ts';

export type AptFolders = { readonly lists: string; readonly cache: string };

const refreshTimeoutMs = 180_000;

export function aptFolders(folder: string): AptFolders {
  return { lists: join(folder, 'lists'), cache: join(folder, 'cache') };
}

/** Options that keep apt away from the system's own lists and cache, so that an ordinary user may refresh them. */
export function aptOptions({ lists, cache }: AptFolders): readonly string[] {
  return [
    `Dir::State::lists=${lists}`,
    `Dir::Cache=${cache}`,
    'Dir::Cache::srcpkgcache=',
    'APT::Sandbox::User=',
    'Debug::NoLocking=1',
  ].flatMap((option) => ['-o', option]);
}

/** A source that does not answer is no reason to stop: what matters is whether the package is then found. */
export function refreshPackageLists(folders: AptFolders): Promise<CommandResult> {
  mkdirSync(join(folders.lists, 'partial'), { recursive: true });
  mkdirSync(join(folders.cache, 'archives', 'partial'), { recursive: true });
  return runCommand('apt-get', [...aptOptions(folders), '-q', 'update'], {
    timeoutMs: refreshTimeoutMs,
  });
}
