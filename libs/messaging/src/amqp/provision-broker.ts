import { connect, type ChannelModel } from 'amqplib';
import { serviceNames, type ServiceName } from '@remitflow/contracts';
import { CannotProceed } from '@remitflow/kernel';
import { brokerUrls } from './amqp-broker.ts';
import { provisionLogin, type LoginWanted } from './broker-logins.ts';
import { loginIn, openManagement, virtualHostOf, type BrokerLogin } from './management.ts';
import { monitorPermissions, permissionsOf } from './permissions.ts';
import { brokerMajorOf, provisionTopology, topologyOf, type Topology } from './topology.ts';
import {
  extraBindings,
  missingBindings,
  readTopology,
  shown,
  unfitQueues,
  unsuspected,
  type ActualTopology,
} from './topology-drift.ts';

export type BrokerWanted = {
  /** The management interface, as an administrator. Without it no login is made and no binding is taken away. */
  readonly managementUrl?: string | undefined;
  /** One login for each service, with the permissions that the registry gives it. */
  readonly logins?: Readonly<Partial<Record<ServiceName, BrokerLogin>>>;
  /** A login that sees topology and metrics, and no message. */
  readonly monitor?: BrokerLogin;
};

export type ProvisionedBroker = Topology & {
  /** What was not so before, one sentence each; known only with the management interface. */
  readonly changed: readonly string[];
};

/**
 * Brings a broker to what the registry says: exchanges, queues, bindings (and none that it no longer has), one login for
 * each service. Safe to run again. Throws `topology.differs` when a queue exists with other arguments, which a person
 * has to decide about: `repairTopology` makes it anew.
 */
export async function provisionBroker(url: string, wanted: BrokerWanted = {}): Promise<ProvisionedBroker> {
  const { managementUrl, logins = {}, monitor } = wanted;
  const management = managementUrl ? openManagement(managementUrl, loginIn(url)) : undefined;
  if (!management && (monitor || Object.keys(logins).length > 0)) {
    throw new CannotProceed('broker.logins-need-management');
  }
  const virtualHost = virtualHostOf(url);
  return onConnection(url, async (connection) => {
    const before = management && unsuspected(await readTopology(management, virtualHost));
    if (before) refuseUnfit(topologyOf(serviceNames, brokerMajorOf(connection)), before);
    const topology = await provisionTopology(connection);
    const changed = before
      ? [...made(topology, before), ...(await unbound(connection, topology, before))]
      : [];
    const changedLogins = await Promise.all(
      loginsWanted(logins, monitor).map((login) => provisionLogin(management!, virtualHost, login)),
    );
    return { ...topology, changed: [...changed, ...changedLogins.flat()] };
  });
}

/** Works on a connection of its own. */
export async function onConnection<Result>(
  url: string,
  work: (connection: ChannelModel) => Promise<Result>,
): Promise<Result> {
  // The nodes of one cluster stand in one URL; any will do, and the first is asked.
  const connection = await connect(brokerUrls(url)[0]!);
  connection.on('error', () => undefined); // the call under way rejects as well
  try {
    return await work(connection);
  } finally {
    await connection.close().catch(() => undefined);
  }
}

function refuseUnfit(topology: Topology, actual: ActualTopology): void {
  const differences = unfitQueues(topology, actual).flatMap(({ differs }) => differs);
  if (differences.length === 0) return;
  throw new CannotProceed(
    'topology.differs',
    { queues: differences.length },
    { message: `the broker has other queues than remitflow needs:\n  ${differences.join('\n  ')}` },
  );
}

const made = (topology: Topology, before: ActualTopology): readonly string[] => [
  ...topology.exchanges
    .filter(({ name }) => !before.exchanges.some((one) => one.name === name))
    .map(({ name }) => `exchange ${name} is made`),
  ...topology.queues
    .filter(({ name }) => !before.queues.some((one) => one.name === name))
    .map(({ name }) => `queue ${name} is made`),
  ...missingBindings(topology, before).map((binding) => `binding ${shown(binding)} is made`),
];

/** Takes away what the registry no longer has. */
export async function unbound(
  connection: ChannelModel,
  topology: Topology,
  before: ActualTopology,
): Promise<readonly string[]> {
  const extra = extraBindings(topology, before);
  if (extra.length === 0) return [];
  const channel = await connection.createChannel();
  channel.on('error', () => undefined); // the failing call rejects as well
  for (const { exchange, queue, key } of extra) await channel.unbindQueue(queue, exchange, key);
  await channel.close();
  return extra.map((binding) => `binding ${shown(binding)} is taken away`);
}

function loginsWanted(
  logins: NonNullable<BrokerWanted['logins']>,
  monitor: BrokerLogin | undefined,
): readonly LoginWanted[] {
  const services = serviceNames.flatMap((service) => {
    const login = logins[service];
    return login ? [{ ...login, permissions: permissionsOf(service) }] : [];
  });
  return monitor
    ? [...services, { ...monitor, permissions: monitorPermissions, tags: ['monitoring'] }]
    : services;
}
