import { connect, type ChannelModel } from 'amqplib';
import type { BrokerLink, BrokerPort, LinkEvents } from '../ports/broker.ts';
import { pause } from '../core/waiting.ts';
import { openPublisher } from './amqp-publisher.ts';
import { openSubscriber } from './amqp-subscriber.ts';
import { lookByManagement, type LookAtQueue } from './look-at-queue.ts';
import { openManagement, virtualHostOf } from './management.ts';

/** RabbitMQ by amqplib. Several addresses, parted by commas, are nodes of one cluster: each is tried in turn. */
export class AmqpBroker implements BrokerPort {
  readonly #urls: readonly string[];
  readonly #lookElsewhere: LookAtQueue;
  /** A service begins at any of the nodes, so that not all of them sit on the first. */
  #turn: number;

  constructor(urls: string, managementUrl?: string) {
    this.#urls = brokerUrls(urls).map(withHeartbeat);
    this.#turn = Math.floor(Math.random() * this.#urls.length);
    this.#lookElsewhere = managementUrl
      ? lookByManagement(openManagement(managementUrl), virtualHostOf(this.#urls[0]!))
      : () => Promise.resolve(undefined);
  }

  async connect(name: string, events: LinkEvents): Promise<BrokerLink> {
    const url = this.#urls[this.#turn % this.#urls.length]!;
    try {
      const connection = await connect(url, {
        clientProperties: { connection_name: name },
        timeout: connectTimeoutMs,
      });
      return linkOf(connection, events, this.#lookElsewhere);
    } catch (error) {
      this.#turn += 1;
      throw error;
    }
  }
}

/** Without the listeners an error would end the process. */
function linkOf(connection: ChannelModel, events: LinkEvents, lookElsewhere: LookAtQueue): BrokerLink {
  let gone = false;
  let reason = 'closed';
  const lost = (why: string): void => {
    if (!gone) events.onLost(why);
    gone = true;
  };
  connection.on('error', (error: Error) => (reason = error.message));
  connection.on('close', (error?: Error) => lost(error?.message ?? reason));
  connection.on('blocked', (why: string) => events.onBlocked(why));
  connection.on('unblocked', () => events.onUnblocked());
  return {
    openPublisher: (channelEvents) => openPublisher(connection, channelEvents),
    openSubscriber: (channelEvents) => openSubscriber(connection, channelEvents, lookElsewhere),
    close: async () => {
      await closeWithin(connection);
      lost(reason);
    },
  };
}

/** A broker that is stopped or half gone never answers a polite goodbye. */
async function closeWithin(connection: ChannelModel): Promise<void> {
  const done = new AbortController();
  const goodbye = connection.close().catch(() => undefined);
  await Promise.race([goodbye, pause(closeTimeoutMs, done.signal)]);
  done.abort();
  streamOf(connection)?.destroy();
}

const streamOf = (connection: ChannelModel): { destroy(): void } | undefined =>
  (connection.connection as unknown as { stream?: { destroy(): void } }).stream;

/** A node that is frozen takes a connection and says nothing. */
const connectTimeoutMs = 4_000;
const closeTimeoutMs = 3_000;
/** A node or a way that is silent for twice as long is given up. */
const heartbeatSeconds = 5;

function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  parsed.searchParams.set('heartbeat', String(heartbeatSeconds));
  return parsed.toString();
}

/** The addresses of a broker: one, or those of the nodes of a cluster. */
export const brokerUrls = (urls: string): string[] => urls.split(',').map((url) => url.trim());
