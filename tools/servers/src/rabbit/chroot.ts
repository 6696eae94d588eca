import type { RabbitBinaries } from './rabbit-binaries.ts';

/** RabbitMQ in a root folder of its own, with its own C library; `home` and `erlang` are paths inside that root. */
export type ConfinedBinaries = RabbitBinaries & { readonly root: string };

export type Program = {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
};

export const isConfined = (binaries: RabbitBinaries): binaries is ConfinedBinaries => 'root' in binaries;

/** Every step replaces the one before, so that the process id stays that of the program. */
const enter = [
  'root=$1 folder=$2; shift 2',
  'mkdir -p "$root$folder" && mount --rbind /proc "$root/proc" && mount --rbind /dev "$root/dev" &&',
  'mount --bind "$folder" "$root$folder" && exec chroot "$root" "$@"',
].join('\n');

/**
 * The program with another root. `folder` is the one of this machine that it still sees, under the same path. The mounts belong
 * to a namespace of the program's own and are gone with it, however it ends; an ordinary user becomes root in there alone.
 */
export function confine(wanted: Program, { root }: ConfinedBinaries, folder: string): Program {
  const { program, args } = wanted;
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const namespace = ['--mount', '--propagation', 'private', ...asRoot];
  return {
    ...wanted,
    program: 'unshare',
    args: [...namespace, '/bin/sh', '-c', enter, 'sh', root, folder, program, ...args],
    env: { ...wanted.env, PATH: `${wanted.env['PATH'] ?? ''}:/usr/bin:/bin:/usr/sbin:/sbin` },
  };
}
