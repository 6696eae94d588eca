import { loopback } from '../machine/ports.ts';

/** `full` keeps every promise of the money path; `none` is for tests, whose data nobody misses. */
export type Durability = 'full' | 'none';

/** Eight connections for each of up to eight processes of five services, and some to look on. */
const maxConnections = 400;

/**
 * What docker-compose.yml sets too. Ids are random, so nearly every page of an index is written whole after each checkpoint: rare
 * checkpoints write a fifth less WAL. With 128 MB of buffers the indexes of a million claims went to the disk and back.
 */
export const productionSettings: readonly string[] = [
  `max_connections=${maxConnections}`,
  'shared_buffers=512MB',
  'max_wal_size=4GB',
  'checkpoint_timeout=15min',
  'random_page_cost=1.1',
];

/** Tests run several servers at once, with little in each; plans are made as in production. */
const testSettings: readonly string[] = [
  `max_connections=${maxConnections}`,
  'shared_buffers=128MB',
  'max_wal_size=1GB',
  'random_page_cost=1.1',
];

/** The command-line settings of a private PostgreSQL. */
export function postgresSettings(port: number, durability: Durability): readonly string[] {
  const settings = [
    `listen_addresses=${loopback}`,
    `port=${port}`,
    // Socket paths have a length limit of 107 bytes that deep checkouts exceed.
    'unix_socket_directories=',
    'timezone=UTC',
    'log_timezone=UTC',
    ...(durability === 'none'
      ? [...testSettings, 'fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
      : [...productionSettings, 'fsync=on', 'synchronous_commit=on']),
  ];
  return settings.flatMap((setting) => ['-c', setting]);
}
