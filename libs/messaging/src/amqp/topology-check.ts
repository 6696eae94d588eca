import { connect, type ChannelModel } from 'amqplib';
import type { ServiceName } from '@remitflow/contracts';
import { brokerUrls } from './amqp-broker.ts';
import { closeChannel } from './close-channel.ts';
import { openManagement, virtualHostOf } from './management.ts';
import { brokerMajorOf, deadExchange, topologyOf, type Topology } from './topology.ts';
import { describeDrift, readTopology, type ActualTopology } from './topology-drift.ts';

export type TopologyCheckOptions = {
  readonly service: ServiceName;
  readonly brokerUrl: string;
  /** With it bindings, arguments, policies and leaders are seen; without, that things exist. */
  readonly managementUrl?: string | undefined;
  /** Told when the management interface cannot be asked, once until it can be again. */
  readonly onBlind?: (reason: string) => void;
};

/**
 * What differs between what one service stands on and what the broker has, one sentence each; empty is well. While
 * nobody answers, what was known last is said again: a broker that is away has not drifted.
 */
export function openTopologyCheck(options: TopologyCheckOptions): () => Promise<readonly string[]> {
  const { service, managementUrl, onBlind } = options;
  const urls = brokerUrls(options.brokerUrl);
  const management = managementUrl ? openManagement(managementUrl) : undefined;
  const leaders = new LeaderWatch();
  let known: readonly string[] = [];
  let blind = false;

  const overManagement = async (brokerMajor: number): Promise<readonly string[] | undefined> => {
    if (!management) return undefined;
    try {
      const actual = await readTopology(management, virtualHostOf(urls[0]!));
      blind = false;
      return describeDrift(topologyOf([service], brokerMajor), leaders.judge(actual));
    } catch (error) {
      if (!blind) onBlind?.(reasonOf(error));
      blind = true;
      return undefined;
    }
  };

  return async () => {
    const connection = await connectToAny(urls);
    if (!connection) return known;
    try {
      const brokerMajor = brokerMajorOf(connection);
      known =
        (await overManagement(brokerMajor)) ??
        (await missing(connection, topologyOf([service], brokerMajor)));
    } catch {
      return known;
    } finally {
      await connection.close().catch(() => undefined);
    }
    return known;
  };
}

/** A leader tells of its queue every few seconds; only one that is silent for longer is not there. */
export class LeaderWatch {
  readonly #silentSince = new Map<string, number>();

  judge(actual: ActualTopology, nowMs = performance.now()): ActualTopology {
    const queues = actual.queues.map((queue) => {
      if (!queue.leaderless) {
        this.#silentSince.delete(queue.name);
        return queue;
      }
      const since = this.#silentSince.get(queue.name) ?? nowMs;
      this.#silentSince.set(queue.name, since);
      return { ...queue, leaderless: nowMs - since >= silentForMs };
    });
    return { ...actual, queues };
  }
}

const connectTimeoutMs = 5_000;

/** To the first node of a cluster that answers. */
async function connectToAny(urls: readonly string[]): Promise<ChannelModel | undefined> {
  for (const url of urls) {
    const connection = await connect(url, { timeout: connectTimeoutMs }).catch(() => undefined);
    connection?.on('error', () => undefined); // the call under way rejects as well
    if (connection) return connection;
  }
  return undefined;
}

const silentForMs = 20_000;

/** What does not exist, by asking for each; a channel dies of the answer "no", so each has its own. */
async function missing(connection: ChannelModel, { exchanges, queues }: Topology): Promise<string[]> {
  const asked = [
    // The service has no rights on the dead exchange, and new brokers tell nothing of what one has no rights on.
    ...exchanges
      .filter(({ name }) => name !== deadExchange)
      .map(({ name }) => ({ kind: 'exchange', name, ask: 'checkExchange' }) as const),
    ...queues.map(({ name }) => ({ kind: 'queue', name, ask: 'checkQueue' }) as const),
  ];
  const answers = await Promise.all(
    asked.map(async ({ kind, name, ask }) => {
      const channel = await connection.createChannel();
      channel.on('error', () => undefined); // the call below rejects as well
      try {
        await channel[ask](name);
        return [];
      } catch (error) {
        return (error as { code?: number }).code === notFound ? [`${kind} ${name} is missing`] : [];
      } finally {
        await closeChannel(channel);
      }
    }),
  );
  return answers.flat();
}

/** AMQP's reply code; 403 means that we may not ask, which 4.2.6 and 4.3.0 say of a queue one may only read. */
const notFound = 404;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
