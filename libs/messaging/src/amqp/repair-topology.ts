import type { ChannelModel } from 'amqplib';
import { serviceNames } from '@remitflow/contracts';
import { RetryLater } from '@remitflow/kernel';
import { loginIn, openManagement, virtualHostOf, type Management } from './management.ts';
import { onConnection, unbound } from './provision-broker.ts';
import { brokerMajorOf, declareTopology, topologyOf, type Topology } from './topology.ts';
import { LeaderWatch } from './topology-check.ts';
import {
  describeDrift,
  readTopology,
  shown,
  tappingBindings,
  unsuspected,
  unfitExchanges,
  unfitQueues,
  type ActualTopology,
} from './topology-drift.ts';

export type RepairOptions = {
  /** As an administrator. */
  readonly managementUrl: string;
  /** Makes a queue anew that still holds messages. They are lost here and published again for want of a receipt. */
  readonly withMessages?: boolean;
};

export type Repaired = {
  readonly done: readonly string[];
  /** What differs still, and a person has to deal with. */
  readonly left: readonly string[];
};

/** Every difference of the whole broker, those included that no single service sees: who else listens in. */
export async function inspectTopology(url: string, managementUrl: string): Promise<readonly string[]> {
  const management = openManagement(managementUrl, loginIn(url));
  return onConnection(url, async (connection) => {
    const topology = topologyOf(serviceNames, brokerMajorOf(connection));
    return differences(topology, await readSettled(management, virtualHostOf(url)));
  });
}

/**
 * Makes the topology what it must be: a queue that has no leader or other arguments is deleted and declared anew, what is
 * missing is declared, what must not be bound is unbound. A policy stays: who set it has to take it away.
 */
export async function repairTopology(url: string, options: RepairOptions): Promise<Repaired> {
  const management = openManagement(options.managementUrl, loginIn(url));
  const virtualHost = virtualHostOf(url);
  return onConnection(url, async (connection) => {
    const topology = topologyOf(serviceNames, brokerMajorOf(connection));
    const before = await readSettled(management, virtualHost);
    const broker = { connection, management, virtualHost };
    const { done, kept } = await removeUnfit(broker, { topology, before, options });
    const fitting = { ...topology, queues: topology.queues.filter(({ name }) => !kept.has(name)) };
    await declareTopology(connection, fitting);
    const taken = await unbound(connection, topology, before);
    const after = await readTopology(management, virtualHost);
    const left = differences(topology, unsuspected(after));
    const declared = differences(topology, before).filter((one) => one.endsWith(' is missing'));
    return {
      done: [...done, ...declared.map((one) => one.replace(/ is missing$/, ' is made')), ...taken],
      left,
    };
  });
}

type Broker = {
  readonly connection: ChannelModel;
  readonly management: Management;
  readonly virtualHost: string;
};

const differences = (topology: Topology, actual: ActualTopology): readonly string[] => [
  ...describeDrift(topology, actual),
  ...tappingBindings(topology, actual).map((binding) => `binding ${shown(binding)} takes facts elsewhere`),
];

/** A queue that was declared a moment ago has told nothing yet either: who may lead is waited for. */
async function readSettled(management: Management, virtualHost: string): Promise<ActualTopology> {
  const watch = new LeaderWatch();
  for (;;) {
    const read = await readTopology(management, virtualHost);
    const judged = watch.judge(read);
    const undecided = read.queues.some(
      (queue, place) => queue.leaderless && !judged.queues[place]?.leaderless,
    );
    if (!undecided) return judged;
    await new Promise((resolve) => setTimeout(resolve, settleEveryMs));
  }
}

const settleEveryMs = 1_000;

type Plan = {
  readonly topology: Topology;
  readonly before: ActualTopology;
  readonly options: RepairOptions;
};

async function removeUnfit(
  broker: Broker,
  { topology, before, options }: Plan,
): Promise<{ done: readonly string[]; kept: ReadonlySet<string> }> {
  const done: string[] = [];
  const kept = new Set<string>();
  for (const { name, differs, leaderless } of unfitQueues(topology, before)) {
    if (!leaderless && !options.withMessages && (await holdsMessages(broker, name))) kept.add(name);
    else {
      await deleteQueue(broker, name);
      done.push(...differs.map((sentence) => `${sentence}: made anew`));
    }
  }
  for (const { name, differs } of unfitExchanges(topology, before)) {
    await broker.management.remove(pathOf(broker, 'exchanges', name));
    done.push(`${differs}: made anew`);
  }
  return { done, kept };
}

async function holdsMessages({ connection }: Broker, queue: string): Promise<boolean> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined); // the failing call rejects as well
  const { messageCount } = await channel.checkQueue(queue);
  await channel.close();
  return messageCount > 0;
}

/** Over AMQP a 3.10 broker gives up on a queue without a leader after five seconds and deletes it by force. */
async function deleteQueue(broker: Broker, queue: string): Promise<void> {
  const channel = await broker.connection.createChannel();
  channel.on('error', () => undefined); // the failing call rejects as well
  const late = new AbortController();
  const tooLate = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new RetryLater('queue.not-deleted', { queue })), deleteWithinMs);
    late.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  try {
    await Promise.race([channel.deleteQueue(queue), tooLate]);
  } catch {
    await broker.management.remove(pathOf(broker, 'queues', queue));
  } finally {
    late.abort();
    await channel.close().catch(() => undefined);
  }
}

const deleteWithinMs = 20_000;

const pathOf = ({ virtualHost }: Broker, kind: 'queues' | 'exchanges', name: string): string =>
  `/api/${kind}/${encodeURIComponent(virtualHost)}/${encodeURIComponent(name)}`;
