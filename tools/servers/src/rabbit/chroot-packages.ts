import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, type CommandResult } from '../machine/command.ts';
import { ServersError } from '../servers-error.ts';
import { startFailed } from '../start-failed.ts';
import { aptFolders, aptOptions } from './apt.ts';
import type { ConfinedBinaries } from './chroot.ts';
import { releasesIn, releaseVersion } from './rabbit-binaries.ts';
import { aptReason } from './unpacked-rabbit.ts';

/** The Debian release whose RabbitMQ is of the 4.x line. */
const release = 'trixie';
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The broker with everything it depends on, and what its start scripts call without a dependency that says so. */
const packages = [
  'rabbitmq-server',
  'base-files',
  'bash',
  'coreutils',
  'dash',
  'grep',
  'hostname',
  'libc-bin',
  'mawk',
  'sed',
];

const updateTimeoutMs = 180_000;
const downloadTimeoutMs = 600_000;
const unpackTimeoutMs = 120_000;
const lookUpTimeoutMs = 30_000;

/**
 * RabbitMQ 4.x of the next Debian release, unpacked with its own libraries into a folder to be the root of: nothing is
 * installed. The mirror is the one that the machine's own apt uses. @throws ServersError with the next action
 */
export async function nextRabbit(
  cachePath: string,
  report: (step: string) => void,
): Promise<ConfinedBinaries> {
  const root = join(cachePath, `rabbitmq-${release}`);
  if (!existsSync(root)) await fetchInto(root, cachePath, report);
  const home = releasesIn(join(root, 'usr', 'lib', 'rabbitmq', 'lib'))[0];
  const version = home && releaseVersion(home);
  if (!home || !version) throw startFailed('The unpacked packages hold no RabbitMQ', root);
  const binFolder = '/usr/lib/erlang/bin';
  const erlang = { binFolder, epmd: join(binFolder, 'epmd'), env: {} };
  return { root, home: home.slice(root.length), version, erlang };
}

async function fetchInto(root: string, cachePath: string, report: (step: string) => void): Promise<void> {
  const partial = `${root}.partial`;
  rmSync(partial, { recursive: true, force: true });
  makeTree(partial);
  const apt = await aptOfRelease(join(cachePath, `apt-${release}`));
  report(`reading the package lists of Debian ${release} (private copy)`);
  const lists = await runCommand('apt-get', [...apt.options, '-q', 'update'], { timeoutMs: updateTimeoutMs });
  report('downloading RabbitMQ, Erlang and their libraries (about 70 MB)');
  const args = ['-q', '-y', '--no-install-recommends', '--download-only', 'install', ...packages];
  const got = await runCommand('apt-get', [...apt.options, ...args], { timeoutMs: downloadTimeoutMs });
  if (got.exitCode !== 0) throw notDownloaded([lists, got]);
  report('unpacking (about 200 MB)');
  for (const file of readdirSync(apt.archives).filter((name) => name.endsWith('.deb'))) {
    const unpacked = await runCommand('dpkg-deb', ['-x', join(apt.archives, file), partial], {
      timeoutMs: unpackTimeoutMs,
    });
    if (unpacked.exitCode !== 0) throw startFailed(`Could not unpack ${file}`, unpacked.stderr);
  }
  finishTree(partial);
  rmSync(apt.archives, { recursive: true, force: true });
  renameSync(partial, root);
}

/** Debian's merged folders must be there before the packages that rely on them. */
function makeTree(root: string): void {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(root, 'usr', name), { recursive: true });
    symlinkSync(`usr/${name}`, join(root, name));
  }
}

/** What the packages' installation scripts would have made. */
function finishTree(root: string): void {
  if (!existsSync(join(root, 'usr', 'bin', 'awk'))) symlinkSync('mawk', join(root, 'usr', 'bin', 'awk'));
  for (const name of ['dev', 'proc', 'tmp']) mkdirSync(join(root, name), { recursive: true });
  writeFileSync(join(root, 'etc', 'hosts'), '127.0.0.1 localhost\n');
  writeFileSync(join(root, 'etc', 'nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files\n');
  writeFileSync(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/:/bin/sh\n');
  writeFileSync(join(root, 'etc', 'group'), 'root:x:0:\n');
}

type Apt = { readonly options: readonly string[]; readonly archives: string };

/** apt with sources, lists and cache of its own, and with nothing installed, so that every dependency is fetched. */
async function aptOfRelease(folder: string): Promise<Apt> {
  const mirrors = await mirrorsOfMachine();
  const folders = aptFolders(folder);
  const archives = join(folders.cache, 'archives');
  mkdirSync(join(folders.lists, 'partial'), { recursive: true });
  mkdirSync(join(archives, 'partial'), { recursive: true });
  const sources = join(folder, 'next.sources');
  writeFileSync(sources, sourcesOf(mirrors, existsSync(keyring) ? keyring : undefined));
  const own = [
    `Dir::Etc::sourcelist=${sources}`,
    'Dir::Etc::sourceparts=-',
    'Dir::State::status=/dev/null',
    'Acquire::Languages=none',
  ];
  return { options: [...aptOptions(folders), ...own.flatMap((option) => ['-o', option])], archives };
}

export function sourcesOf(mirrors: readonly string[], signedBy: string | undefined): string {
  return [
    'Types: deb',
    `URIs: ${mirrors.join(' ')}`,
    `Suites: ${release}`,
    'Components: main',
    ...(signedBy ? [`Signed-By: ${signedBy}`] : []),
    '',
  ].join('\n');
}

async function mirrorsOfMachine(): Promise<readonly string[]> {
  const args = ['indextargets', '--no-release-info', '--format', '$(REPO_URI)'];
  const { stdout } = await runCommand('apt-get', args, { timeoutMs: lookUpTimeoutMs });
  const mirrors = debianMirrors(stdout);
  if (mirrors.length > 0) return mirrors;
  throw new ServersError(
    'no-package-tools',
    'RabbitMQ 4 cannot be unpacked here: apt on this machine names no mirror of Debian',
    'Run it on a Debian machine, or set RABBITMQ_URL to a RabbitMQ 4 of your own.',
  );
}

/** Of all sources that apt knows those of Debian's own archive, whose address ends in /debian on every mirror. */
export function debianMirrors(addresses: string): readonly string[] {
  const all = addresses.split('\n').map((line) => line.trim());
  return [...new Set(all.filter((address) => /\/debian\/?$/.test(address)))];
}

function notDownloaded(results: readonly CommandResult[]): ServersError {
  const said = results.map(({ stderr, stdout }) => `${stderr}\n${stdout}`).join('\n');
  if (/no space left|not enough free space/i.test(said)) {
    return startFailed('RabbitMQ 4 could not be downloaded', 'no space left on device');
  }
  return new ServersError(
    'no-network-for-packages',
    `RabbitMQ 4 could not be downloaded: ${aptReason(said)}`,
    'Check the network or proxy settings of apt, or set RABBITMQ_URL to a RabbitMQ 4 of your own.',
  );
}
