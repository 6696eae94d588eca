import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { isRabbitNewEnough } from './rabbit-version.ts';

/** Where RabbitMQ's real scripts and its Erlang are. */
export type RabbitBinaries = {
  /** The folder of the release, with `sbin/` and `plugins/`. */
  readonly home: string;
  readonly version: string;
  readonly erlang: {
    readonly binFolder: string;
    readonly epmd: string;
    readonly env: Readonly<Record<string, string>>;
  };
};

const usualFolders = ['/usr/lib/rabbitmq/lib', '/opt/rabbitmq', '/usr/local/lib/rabbitmq'];
const brewFolders = ['/opt/homebrew/opt/rabbitmq', '/usr/local/opt/rabbitmq'];

/** RabbitMQ installed on this machine: the release's own scripts, because Debian's wrapper refuses ordinary users. */
export function findRabbitOnMachine(env: NodeJS.ProcessEnv): RabbitBinaries | undefined {
  const erlang = findErlang(env);
  const homes = [...usualFolders.flatMap(releasesIn), ...brewFolders].filter(isRelease);
  for (const home of homes) {
    const version = releaseVersion(home);
    if (erlang && version && isRabbitNewEnough(version)) return { home, version, erlang };
  }
  return undefined;
}

/** The release folder inside a library folder, e.g. rabbitmq_server-3.10.8. */
export function releasesIn(folder: string): readonly string[] {
  if (isRelease(folder)) return [folder];
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith('rabbitmq_server-'))
    .map((name) => join(folder, name));
}

/** The version a release folder's name or its rabbit plugin tells. */
export function releaseVersion(home: string): string | undefined {
  const named = /rabbitmq_server-([\d.]+)/.exec(home)?.[1];
  if (named || !existsSync(join(home, 'plugins'))) return named;
  const plugin = readdirSync(join(home, 'plugins')).find((name) => /^rabbit-[\d.]+/.test(name));
  return /^rabbit-(\d+\.\d+\.\d+)/.exec(plugin ?? '')?.[1];
}

function isRelease(folder: string): boolean {
  return existsSync(join(folder, 'sbin', 'rabbitmq-server'));
}

function findErlang(env: NodeJS.ProcessEnv): RabbitBinaries['erlang'] | undefined {
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/lib/erlang/bin'];
  const binFolder = folders.find((folder) => folder && existsSync(join(folder, 'erl')));
  if (!binFolder) return undefined;
  const epmd = findEpmd(binFolder);
  return epmd ? { binFolder, epmd, env: {} } : undefined;
}

/** epmd beside `erl`, or in the runtime folder of the root that the `erl` script names. */
export function findEpmd(binFolder: string): string | undefined {
  const beside = join(binFolder, 'epmd');
  if (existsSync(beside)) return beside;
  const script = readFileSync(join(binFolder, 'erl'), 'utf8');
  const root = /^\s*ROOTDIR="?([^"\n]+)"?/m.exec(script)?.[1] ?? dirname(binFolder);
  if (!existsSync(root)) return undefined;
  const runtime = readdirSync(root).find((name) => name.startsWith('erts-'));
  const inRuntime = join(root, runtime ?? '', 'bin', 'epmd');
  return runtime && existsSync(inRuntime) ? inRuntime : undefined;
}
