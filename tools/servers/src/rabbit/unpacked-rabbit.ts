import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, type CommandResult } from '../machine/command.ts';
import { ServersError } from '../servers-error.ts';
import { startFailed } from '../start-failed.ts';
import { aptFolders, aptOptions, refreshPackageLists } from './apt.ts';
import { erlangRootVariable, patchErlScript } from './erl-script.ts';
import { findEpmd, releasesIn, releaseVersion, type RabbitBinaries } from './rabbit-binaries.ts';
import { packagesToFetch } from './rabbit-packages.ts';
import { requireRabbitVersion } from './rabbit-version.ts';

export type UnpackReport = (step: string) => void;

const downloadTimeoutMs = 300_000;
const unpackTimeoutMs = 60_000;
const lookUpTimeoutMs = 30_000;

/** RabbitMQ from the system's packages, unpacked into the cache folder: nothing is installed, no root is needed. */
export async function unpackedRabbit(cachePath: string, report: UnpackReport): Promise<RabbitBinaries> {
  const folder = join(cachePath, 'rabbitmq');
  if (!existsSync(folder)) await fetchInto(folder, cachePath, report);
  return binariesIn(folder);
}

async function fetchInto(folder: string, cachePath: string, report: UnpackReport): Promise<void> {
  await requirePackageTools();
  const partial = `${folder}.partial`;
  const downloads = join(partial, 'downloads');
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(downloads, { recursive: true });
  report('downloading RabbitMQ from the system packages (about 33 MB)');
  await download(downloads, cachePath, report);
  report('unpacking RabbitMQ');
  for (const file of readdirSync(downloads).filter((name) => name.endsWith('.deb'))) {
    const unpacked = await runCommand('dpkg-deb', ['-x', join(downloads, file), partial], {
      timeoutMs: unpackTimeoutMs,
    });
    if (unpacked.exitCode !== 0) throw startFailed(`Could not unpack ${file}`, unpacked.stderr);
  }
  patchErl(partial);
  rmSync(downloads, { recursive: true, force: true });
  renameSync(partial, folder);
}

async function download(downloads: string, cachePath: string, report: UnpackReport): Promise<void> {
  const first = await downloadOnce(downloads, []);
  if (first.exitCode === 0) return;
  report('refreshing the package lists (private copy)');
  const folders = aptFolders(join(cachePath, 'apt'));
  const refreshed = await refreshPackageLists(folders);
  const again = await downloadOnce(downloads, aptOptions(folders));
  if (again.exitCode !== 0) throw noPackages([first, refreshed, again]);
}

async function downloadOnce(downloads: string, options: readonly string[]): Promise<CommandResult> {
  const depends = await runCommand('apt-cache', [...options, 'depends', ...closure], {
    timeoutMs: lookUpTimeoutMs,
  });
  const packages = packagesToFetch(depends.stdout, isInstalled);
  if (!packages.includes('rabbitmq-server')) return { ...depends, exitCode: 1 };
  // apt's own download account cannot write into a folder of ours, and nothing here needs it to.
  const args = [...options, '-o', 'APT::Sandbox::User=', '-q', 'download', ...packages];
  return runCommand('apt-get', args, { timeoutMs: downloadTimeoutMs, cwd: downloads });
}

const closure = [
  '--recurse',
  '--no-recommends',
  '--no-suggests',
  '--no-conflicts',
  '--no-breaks',
  '--no-replaces',
  '--no-enhances',
  'rabbitmq-server',
];

function isInstalled(name: string): boolean {
  const folder = '/var/lib/dpkg/info';
  if (!existsSync(folder)) return false;
  return readdirSync(folder).some((file) => file === `${name}.list` || file.startsWith(`${name}:`));
}

/** Every copy of the script, since `erl` exists both beside the runtime and in the public folder. */
function patchErl(root: string): void {
  const erlang = join(root, 'usr', 'lib', 'erlang');
  const folders = readdirSync(erlang).map((name) => join(erlang, name, 'bin'));
  for (const folder of [join(erlang, 'bin'), ...folders]) {
    for (const name of ['erl', 'start_erl', 'start']) {
      const script = join(folder, name);
      if (existsSync(script)) writeFileSync(script, patchErlScript(readFileSync(script, 'utf8')));
    }
  }
}

function binariesIn(folder: string): RabbitBinaries {
  const root = join(folder, 'usr', 'lib', 'erlang');
  const binFolder = join(root, 'bin');
  const home = releasesIn(join(folder, 'usr', 'lib', 'rabbitmq', 'lib'))[0];
  const version = home && releaseVersion(home);
  const epmd = existsSync(binFolder) ? findEpmd(binFolder) : undefined;
  if (!home || !version || !epmd) {
    throw new ServersError(
      'start-failed',
      'The unpacked RabbitMQ packages are not laid out as expected',
      'Run npm run reset, or install RabbitMQ 3.10 or newer, or set RABBITMQ_URL.',
    );
  }
  requireRabbitVersion(version);
  return { home, version, erlang: { binFolder, epmd, env: erlangEnvironment(folder, root) } };
}

function erlangEnvironment(folder: string, root: string): Readonly<Record<string, string>> {
  const parent = join(folder, 'usr', 'lib');
  const multiarch = readdirSync(parent).filter((name) => name.endsWith('-linux-gnu'));
  const libraries = multiarch.map((name) => join(parent, name));
  return {
    [erlangRootVariable]: root,
    ...(libraries.length > 0 ? { LD_LIBRARY_PATH: libraries.join(':') } : {}),
  };
}

async function requirePackageTools(): Promise<void> {
  const tools = ['apt-get', 'apt-cache', 'dpkg-deb'];
  for (const tool of tools) {
    const { exitCode } = await runCommand(tool, ['--version'], { timeoutMs: lookUpTimeoutMs });
    if (exitCode === 0) continue;
    throw new ServersError(
      'no-package-tools',
      `RabbitMQ is not on this machine and cannot be unpacked from packages: there is no ${tool}`,
      'Install RabbitMQ 3.10 or newer, start a docker engine, or set RABBITMQ_URL.',
    );
  }
}

function noPackages(results: readonly CommandResult[]): ServersError {
  const said = results.map(({ stderr, stdout }) => `${stderr}\n${stdout}`).join('\n');
  if (/no space left|not enough free space/i.test(said)) {
    return startFailed('RabbitMQ could not be downloaded', 'no space left on device');
  }
  return new ServersError(
    'no-network-for-packages',
    `RabbitMQ is not on this machine and its packages could not be downloaded: ${aptReason(said)}`,
    'Check the network or proxy settings of apt, or install RabbitMQ 3.10 or newer, or set RABBITMQ_URL.',
  );
}

/** The line in which apt names the cause; its last line seldom does. */
export function aptReason(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const cause =
    /could not (connect|resolve)|unable to connect|temporary failure|timed? ?out|failed to fetch/i;
  return (lines.find((line) => cause.test(line)) ?? lines.filter(Boolean).at(-1) ?? '').slice(0, 200);
}
