import { serverAccount } from '../machine/account.ts';
import { choiceVariables, readChoices } from '../choices.ts';
import { provideByDocker } from '../docker/docker-servers.ts';
import { ServersError } from '../servers-error.ts';
import type { ServersOptions } from '../servers.ts';
import type { PostgresRecord } from '../servers-record.ts';
import type { StateFolder } from '../state-folder.ts';
import { embeddedPostgres } from './embedded-postgres.ts';
import { findPostgresOnMachine } from './postgres-binaries.ts';
import { probePostgres } from './postgres-probe.ts';
import { startPrivateCluster } from './private-cluster.ts';

/** PostgreSQL by the first way that works: explicit URL, docker, programs on this machine, npm. */
export async function providePostgres(state: StateFolder, options: ServersOptions): Promise<PostgresRecord> {
  const { url, ways } = readChoices(options.env, choiceVariables('postgres', options.purpose));
  if (url) return { how: 'url', adminUrl: url, version: await probePostgres(url), processes: [] };
  for (const way of ways) {
    const provided = await attempts[way](state, options);
    if (provided) return provided;
  }
  throw new ServersError(
    'not-available',
    `No PostgreSQL can be provided by ${ways.join(', ')}`,
    'Set DATABASE_URL, or unset REMITFLOW_POSTGRES so that every way is tried.',
  );
}

type Attempt = (state: StateFolder, options: ServersOptions) => Promise<PostgresRecord | undefined>;

const attempts: Readonly<Record<'docker' | 'machine' | 'embedded', Attempt>> = {
  docker: async (state, options) => (await provideByDocker(state, options, 'postgres')).postgres,
  machine: onMachine,
  embedded: fromNpm,
};

async function onMachine(state: StateFolder, options: ServersOptions): Promise<PostgresRecord | undefined> {
  const binaries = await findPostgresOnMachine(options.env);
  if (!binaries) return undefined;
  options.report(`starting a private PostgreSQL ${binaries.version} from this machine`);
  return startPrivateCluster({ state, binaries, how: 'machine', durability: durability(options) });
}

async function fromNpm(state: StateFolder, options: ServersOptions): Promise<PostgresRecord> {
  const binaries = await embeddedPostgres(state, serverAccount());
  options.report(`starting the embedded PostgreSQL ${binaries.version}`);
  return startPrivateCluster({ state, binaries, how: 'embedded', durability: durability(options) });
}

function durability({ purpose }: ServersOptions): 'full' | 'none' {
  return purpose === 'test' ? 'none' : 'full';
}
