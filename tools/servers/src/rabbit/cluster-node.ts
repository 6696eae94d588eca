import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loopback } from '../machine/ports.ts';
import { confine, isConfined, type Program } from './chroot.ts';
import { nodeEnvironment } from './node-environment.ts';
import type { RabbitBinaries } from './rabbit-binaries.ts';
import {
  enabledPlugins,
  rabbitConfiguration,
  type RabbitLogin,
  type RabbitPorts,
} from './rabbit-settings.ts';

/** A node that its caller starts and stops: alone, or as a member of a cluster on one machine. */
export type NodeWanted = {
  /** Erlang's name, before the `@localhost`. */
  readonly name: string;
  readonly folder: string;
  readonly ports: RabbitPorts;
  readonly login: RabbitLogin;
  readonly binaries: RabbitBinaries;
  readonly cluster?: {
    /** The names of all nodes, this one included: at its first start it joins whoever of them is there. */
    readonly members: readonly string[];
    readonly cookie: string;
  };
};

export type LaidOutNode = {
  readonly url: string;
  readonly managementUrl: string;
  /** The broker itself: its process id is that of the Erlang machine. */
  readonly server: Program;
  /** The port mapper daemon of the node, for those who have none yet. */
  readonly portMapper: Program;
  /** One of the tools of the release: rabbitmqctl, rabbitmq-queues, rabbitmq-diagnostics. */
  tool(name: string, args: readonly string[]): Program;
  /** Forgets data and membership; only while the node is down. */
  wipe(): void;
};

/** Writes the settings of a node into its folder, and says how it is started; nothing is started. */
export function layOutNode(wanted: NodeWanted): LaidOutNode {
  const { folder, ports, login, binaries, cluster } = wanted;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const settings = [rabbitConfiguration(ports, login), ...clusterSettings(cluster?.members ?? [])];
  writeFileSync(join(folder, 'rabbitmq.conf'), settings.join('\n'), { mode: 0o600 });
  writeFileSync(join(folder, 'enabled_plugins'), enabledPlugins);
  if (cluster) writeCookie(folder, cluster.cookie);
  const password = `${login.user}:${login.password}`;
  return {
    url: `amqp://${password}@${loopback}:${ports.amqp}/${login.host}`,
    managementUrl: `http://${password}@${loopback}:${ports.management}`,
    server: programOf(wanted, join(binaries.home, 'sbin', 'rabbitmq-server'), []),
    portMapper: programOf(wanted, binaries.erlang.epmd, ['-port', String(ports.epmd), '-address', loopback]),
    tool: (name, args) => programOf(wanted, join(binaries.home, 'sbin', name), args),
    wipe: () => rmSync(join(folder, 'mnesia'), { recursive: true, force: true }),
  };
}

function programOf(wanted: NodeWanted, program: string, args: readonly string[]): Program {
  const { folder, binaries } = wanted;
  const plain = { program, args, env: nodeEnvironment(wanted), cwd: folder };
  return isConfined(binaries) ? confine(plain, binaries, folder) : plain;
}

/** A minority stops by itself rather than go on alone; leaders are spread evenly; a silent peer is given up after seconds. */
function clusterSettings(members: readonly string[]): readonly string[] {
  if (members.length === 0) return [];
  return [
    'cluster_partition_handling = pause_minority',
    'cluster_formation.peer_discovery_backend = classic_config',
    ...members.map(
      (name, place) => `cluster_formation.classic_config.nodes.${place + 1} = ${name}@localhost`,
    ),
    'queue_leader_locator = balanced',
    'net_ticktime = 10',
    '',
  ];
}

function writeCookie(folder: string, cookie: string): void {
  const file = join(folder, '.erlang.cookie');
  rmSync(file, { force: true });
  writeFileSync(file, cookie);
  chmodSync(file, 0o400);
}
