import { join } from 'node:path';
import { loopback } from '../machine/ports.ts';
import type { RabbitBinaries } from './rabbit-binaries.ts';
import { erlangArguments, type RabbitPorts } from './rabbit-settings.ts';

export type NodePlace = {
  /** Erlang's name of the node, before the `@localhost`. */
  readonly name: string;
  /** Holds everything of the node: settings, data, logs. */
  readonly folder: string;
  readonly ports: Pick<RabbitPorts, 'distribution' | 'epmd'>;
  readonly binaries: RabbitBinaries;
};

/** The environment of a node and of its tools. Nothing of the caller's passes but the path: a stray RABBITMQ_* would change it. */
export function nodeEnvironment({ name, folder, ports, binaries }: NodePlace): Record<string, string> {
  const { home, erlang } = binaries;
  const absent = join(folder, 'absent');
  return {
    ...erlang.env,
    PATH: `${erlang.binFolder}:${join(home, 'sbin')}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: loopback,
    // With this the script becomes the Erlang machine, so that the recorded process id is the broker's own.
    RABBITMQ_ALLOW_INPUT: '1',
    RABBITMQ_SERVER_START_ARGS: '-noinput +B i',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: erlangArguments(),
    RABBITMQ_NODENAME: `${name}@localhost`,
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: absent,
    RABBITMQ_CONF_ENV_FILE: absent,
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(folder, 'generated'),
    RABBITMQ_SCHEMA_DIR: join(folder, 'schema'),
  };
}
