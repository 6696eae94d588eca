import { loopback } from '../machine/ports.ts';

/** `full` keeps every promise of the money path; `none` is for tests, whose data nobody misses. */
export type Durability = 'full' | 'none';

const maxConnections = 300;

/** The command-line settings of a private PostgreSQL. */
export function postgresSettings(port: number, durability: Durability): readonly string[] {
  const settings = [
    `listen_addresses=${loopback}`,
    `port=${port}`,
    // Socket paths have a length limit of 107 bytes that deep checkouts exceed.
    'unix_socket_directories=',
    `max_connections=${maxConnections}`,
    'shared_buffers=128MB',
    'max_wal_size=1GB',
    'timezone=UTC',
    'log_timezone=UTC',
    ...(durability === 'none'
      ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
      : ['fsync=on', 'synchronous_commit=on']),
  ];
  return settings.flatMap((setting) => ['-c', setting]);
}
