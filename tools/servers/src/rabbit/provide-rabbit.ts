import { choiceVariables, readChoices } from '../choices.ts';
import { provideByDocker } from '../docker/docker-servers.ts';
import { ServersError } from '../servers-error.ts';
import type { ServersOptions } from '../servers.ts';
import type { RabbitRecord } from '../servers-record.ts';
import type { StateFolder } from '../state-folder.ts';
import { startPrivateNode } from './private-node.ts';
import { findRabbitOnMachine } from './rabbit-binaries.ts';
import { probeRabbit } from './rabbit-probe.ts';
import { unpackedRabbit } from './unpacked-rabbit.ts';

/** RabbitMQ by the first way that works: explicit URL, docker, a release on this machine, the system's packages. */
export async function provideRabbit(state: StateFolder, options: ServersOptions): Promise<RabbitRecord> {
  const variables = choiceVariables('rabbit', options.purpose);
  const { url, ways } = readChoices(options.env, variables);
  if (url) return givenRabbit(url, options.env[variables.management]?.trim());
  for (const way of ways) {
    const provided = await attempts[way](state, options);
    if (provided) return provided;
  }
  throw new ServersError(
    'not-available',
    `No RabbitMQ can be provided by ${ways.join(', ')}`,
    'Set RABBITMQ_URL, or unset REMITFLOW_RABBITMQ so that every way is tried.',
  );
}

/** The management interface is a plugin: only who gives the URL knows whether and where it is. */
async function givenRabbit(url: string, managementUrl?: string): Promise<RabbitRecord> {
  const version = await probeRabbit(url);
  return { how: 'url', url, ...(managementUrl ? { managementUrl } : {}), version, processes: [] };
}

type Attempt = (state: StateFolder, options: ServersOptions) => Promise<RabbitRecord | undefined>;

const attempts: Readonly<Record<'docker' | 'machine' | 'embedded', Attempt>> = {
  docker: async (state, options) => (await provideByDocker(state, options, 'rabbitmq')).rabbit,
  machine: onMachine,
  embedded: fromPackages,
};

async function onMachine(state: StateFolder, options: ServersOptions): Promise<RabbitRecord | undefined> {
  const binaries = findRabbitOnMachine(options.env);
  if (!binaries) return undefined;
  options.report(`starting a private RabbitMQ ${binaries.version} from this machine`);
  return startPrivateNode({ state, binaries, how: 'machine' });
}

async function fromPackages(state: StateFolder, options: ServersOptions): Promise<RabbitRecord> {
  const binaries = await unpackedRabbit(state.cachePath, options.report);
  options.report(`starting a private RabbitMQ ${binaries.version} from the system packages`);
  return startPrivateNode({ state, binaries, how: 'embedded' });
}
