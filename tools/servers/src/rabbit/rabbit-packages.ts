/** What must be downloaded, from `apt-cache depends --recurse` of rabbitmq-server: Erlang, the broker, and libraries this system lacks. */
export function packagesToFetch(
  dependsOutput: string,
  isInstalled: (name: string) => boolean,
): readonly string[] {
  const names = dependsOutput
    .split('\n')
    .filter((line) => /^[a-z0-9]/.test(line))
    .map((line) => line.trim());
  const wanted = [...new Set(names)].filter(
    (name) => name.startsWith('erlang-') || name === 'rabbitmq-server',
  );
  const libraries = runtimeLibraries.filter((name) => names.includes(name) && !isInstalled(name));
  return [...wanted, ...libraries].sort();
}

/** Shared libraries the Erlang machine links against; the rest of the closure (cron, systemd, perl) is of no use to a private node. */
const runtimeLibraries = [
  'libgcc-s1',
  'libncurses6',
  'libssl3',
  'libssl3t64',
  'libstdc++6',
  'libsystemd0',
  'libtinfo6',
  'zlib1g',
];
