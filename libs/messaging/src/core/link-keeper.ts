import type { BrokerLink, BrokerPort } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import { backoffMs, inTime } from './waiting.ts';

export type LinkKeeperOptions = {
  readonly broker: BrokerPort;
  readonly clock: Clock;
  /** Shown by the broker. */
  readonly name: string;
  /** A connection is up; everything that lived on the last one is gone. */
  onOpen(link: BrokerLink): Promise<void>;
  onLost(reason: string): void;
  onBlocked?(reason: string): void;
  onUnblocked?(): void;
};

/** One connection that comes back by itself, with jittered back-off, until it is closed. */
export class LinkKeeper {
  readonly #options: LinkKeeperOptions;
  readonly #closing = new AbortController();
  #link: BrokerLink | undefined;
  #running: Promise<void> | undefined;

  constructor(options: LinkKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#stayConnected();
  }

  /** Drops the connection; it is made anew. For callers that find it unusable. */
  async reset(): Promise<void> {
    await this.#link?.close();
  }

  async close(): Promise<void> {
    this.#closing.abort('over');
    await this.#link?.close();
    await this.#running;
  }

  async #stayConnected(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted;) {
      try {
        await this.#live(() => (failures = 0));
      } catch (error) {
        failures += 1;
        this.#options.onLost(error instanceof Error ? error.message : String(error));
      }
      if (!signal.aborted)
        await clock.pause(
          backoffMs(failures, reconnectWaitMs, () => clock.random()),
          signal,
        );
    }
  }

  /** Resolves when the connection is gone, rejects when it cannot be had or used. */
  async #live(onUsable: () => void): Promise<void> {
    const { broker, clock, name, onOpen, onLost, onBlocked, onUnblocked } = this.#options;
    let lost: (reason: string) => void = () => undefined;
    const gone = new Promise<string>((resolve) => (lost = resolve));
    const link = await broker.connect(name, {
      onLost: (reason) => lost(reason),
      onBlocked: (reason) => onBlocked?.(reason),
      onUnblocked: () => onUnblocked?.(),
    });
    this.#link = link;
    try {
      if (this.#closing.signal.aborted) await link.close();
      else await inTime(clock, openWithinMs, onOpen(link));
      onUsable();
      onLost(await gone);
    } catch (error) {
      await link.close();
      throw error;
    } finally {
      this.#link = undefined;
    }
  }
}

/** A queue without a leader never answers whoever would consume it. */
const openWithinMs = 30_000;

const reconnectWaitMs = { firstMs: 200, mostMs: 10_000 } as const;
