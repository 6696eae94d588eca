import type { ServiceName } from '@remitflow/contracts';
import { deadQueueOf, queueOf, receiptQueueOf } from './broker/exchanges.ts';
import type { Life } from './service-host.ts';
import { simulationSettings } from './settings.ts';
import type { World } from './world.ts';

const everyMs = 500;
/** How long somebody may say ready before the truth has reached them. */
const readyBoundMs = 3_000;
/** … that a binding is missing: by the next look at the topology, and its answer. */
const driftBoundMs = simulationSettings.topologyEveryMs + 2_000;
/** Waits that one process may have under way: more are a leak. */
const pausesMost = 40;
/** The window of the relay, what it publishes again, and receipts to every speaker. */
const unansweredMost = 2 * simulationSettings.windowMax + 5;

/** Looks at every process from time to time, and writes down what must never be. */
export class Watch {
  readonly #world: World;
  readonly #readySinceMs = new Map<string, number>();
  checks = 0;
  stopped = false;

  constructor(world: World) {
    this.#world = world;
    this.#again();
  }

  #again(): void {
    this.#world.time.after(everyMs, () => {
      if (this.stopped) return;
      for (const { service, lives } of this.#world.hosts) for (const life of lives) this.#look(service, life);
      this.#again();
    });
  }

  #look(service: ServiceName, { process, core }: Life): void {
    if (!process.isRunning) return;
    this.checks += 1;
    const isReady = core.unreadiness() === undefined;
    const unheard = isReady ? unheardQueues(this.#world, service, process) : [];
    this.#bound(`${process.name} says ready and consumes nothing of ${unheard.join(' ')}`, {
      invariant: 'ready-means-consuming',
      isSo: unheard.length > 0,
      boundMs: readyBoundMs,
    });
    this.#bound(`${process.name} says ready without a binding of its own`, {
      invariant: 'drift-is-not-ready',
      isSo: isReady && this.#world.broker.exchanges.missing(service).length > 0,
      boundMs: driftBoundMs + 2 * this.#world.broker.weather.latencyMs,
    });
    this.#bound(`${process.name} consumes its queue more than once`, {
      invariant: 'bounded-memory',
      isSo: consumersOf(this.#world, service, process) > 1,
      boundMs: readyBoundMs,
    });
    this.#measure(process);
  }

  #bound(
    what: string,
    { invariant, isSo, boundMs }: { invariant: string; isSo: boolean; boundMs: number },
  ): void {
    const { time, journal } = this.#world;
    const key = `${invariant} ${what.split(' ')[0]}`;
    if (!isSo) {
      this.#readySinceMs.delete(key);
      return;
    }
    const since = this.#readySinceMs.get(key) ?? time.nowMs;
    this.#readySinceMs.set(key, since);
    if (time.nowMs - since <= boundMs) return;
    journal.break(invariant, what);
    this.#readySinceMs.delete(key);
  }

  #measure(process: Life['process']): void {
    const { broker, journal } = this.#world;
    if (process.pauses > pausesMost) {
      journal.break('bounded-memory', `${process.name} has ${process.pauses} waits under way`);
    }
    for (const link of broker.links) {
      if (link.process !== process) continue;
      for (const { unansweredPeak } of link.publishers) {
        if (unansweredPeak > unansweredMost)
          journal.break('bounded-memory', `${process.name} had ${unansweredPeak} publishes without answer`);
      }
    }
  }
}

/** How many consumers of this process are on the service's own queue. */
function consumersOf({ broker }: World, service: ServiceName, process: Life['process']): number {
  let count = 0;
  for (const link of broker.links) {
    if (link.process !== process || link.isSilent) continue;
    for (const { consumers } of link.subscribers)
      for (const { queue } of consumers.values()) if (queue.name === queueOf(service)) count += 1;
  }
  return count;
}

/** The queues of a service that no consumer of this process is attached to, as far as its connections let it know. */
function unheardQueues({ broker }: World, service: ServiceName, process: Life['process']): string[] {
  const heard = new Set<string>();
  for (const link of broker.links) {
    if (link.process !== process) continue;
    if (link.isSilent) return [];
    for (const { consumers } of link.subscribers)
      for (const { queue } of consumers.values()) heard.add(queue.name);
  }
  return [queueOf(service), receiptQueueOf(service), deadQueueOf(service)].filter((name) => !heard.has(name));
}
