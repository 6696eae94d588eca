import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, type CommandResult } from '../machine/command.ts';
import { stateFolder } from '../private-test-servers.ts';
import { aptFolders, aptOptions, refreshPackageLists } from '../rabbit/apt.ts';

const lookTimeoutMs = 10_000;
const downloadTimeoutMs = 120_000;
const unpackTimeoutMs = 60_000;

/**
 * The program that checks and tests rules of Prometheus: the one on this machine, or the one of Debian's `prometheus`
 * package unpacked into the cache folder without installing it. Undefined when there is neither.
 */
export async function findPromtool(cachePath = defaultCache()): Promise<string | undefined> {
  if (await works('promtool')) return 'promtool';
  const cached = join(cachePath, 'promtool');
  if (!existsSync(cached)) await fetchInto(cached, cachePath);
  return (await works(cached)) ? cached : undefined;
}

const defaultCache = (): string => process.env['REMITFLOW_CACHE'] || join(stateFolder(process.env), 'cache');

const works = async (program: string): Promise<boolean> =>
  (await runCommand(program, ['--version'], { timeoutMs: lookTimeoutMs })).exitCode === 0;

async function fetchInto(target: string, cachePath: string): Promise<void> {
  const partial = `${target}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    if (!(await download(partial, cachePath))) return;
    const [file] = readdirSync(partial).filter((name) => name.endsWith('.deb'));
    const args = ['-x', join(partial, file ?? ''), partial];
    const unpacked = await runCommand('dpkg-deb', args, { timeoutMs: unpackTimeoutMs });
    if (unpacked.exitCode === 0) renameSync(join(partial, 'usr', 'bin', 'promtool'), target);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

async function download(folder: string, cachePath: string): Promise<boolean> {
  if ((await downloadOnce(folder, [])).exitCode === 0) return true;
  const folders = aptFolders(join(cachePath, 'apt'));
  await refreshPackageLists(folders);
  return (await downloadOnce(folder, aptOptions(folders))).exitCode === 0;
}

const downloadOnce = (folder: string, options: readonly string[]): Promise<CommandResult> =>
  runCommand(
    'apt-get',
    [...options, '-o', 'APT::Sandbox::User=', '-o', 'Acquire::Retries=0', '-q', 'download', 'prometheus'],
    { timeoutMs: downloadTimeoutMs, cwd: folder },
  );
