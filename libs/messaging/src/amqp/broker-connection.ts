import { connect, type ChannelModel } from 'amqplib';
import { backoffMs, pause } from '../core/waiting.ts';

export type BrokerEvents = {
  /** A connection is up; everything that lived on the last one is gone. */
  onOpen(connection: ChannelModel): Promise<void>;
  onLost(reason: string): void;
  onBlocked?(reason: string): void;
  onUnblocked?(): void;
};

export type BrokerOptions = { readonly url: string; readonly name: string; readonly events: BrokerEvents };

/** One connection that comes back by itself, with jittered back-off, until it is closed. */
export class BrokerConnection {
  readonly #options: BrokerOptions;
  readonly #closing = new AbortController();
  #connection: ChannelModel | undefined;
  #running: Promise<void> | undefined;

  constructor(options: BrokerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#stayConnected();
  }

  /** Drops the connection; it is made anew. For callers that find it unusable. */
  async reset(): Promise<void> {
    await this.#connection?.close().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connection?.close().catch(() => undefined);
    await this.#running;
  }

  async #stayConnected(): Promise<void> {
    for (let failures = 0; !this.#closing.signal.aborted;) {
      try {
        const connection = await connect(withHeartbeat(this.#options.url), {
          clientProperties: { connection_name: this.#options.name },
          timeout: connectTimeoutMs,
        });
        failures = 0;
        await this.#live(connection);
      } catch (error) {
        failures += 1;
        this.#options.events.onLost(error instanceof Error ? error.message : String(error));
      }
      if (!this.#closing.signal.aborted) {
        await pause(backoffMs(failures, { firstMs: 200, mostMs: 10_000 }), this.#closing.signal);
      }
    }
  }

  /** Resolves when the connection is gone. Without the listeners an error would end the process. */
  async #live(connection: ChannelModel): Promise<void> {
    const { events } = this.#options;
    this.#connection = connection;
    const gone = new Promise<string>((resolve) => {
      connection.on('error', (error: Error) => resolve(error.message));
      connection.on('close', (error?: Error) => resolve(error?.message ?? 'closed'));
    });
    connection.on('blocked', (reason: string) => events.onBlocked?.(reason));
    connection.on('unblocked', () => events.onUnblocked?.());
    try {
      if (this.#closing.signal.aborted) await connection.close().catch(() => undefined);
      else await events.onOpen(connection);
      events.onLost(await gone);
    } catch (error) {
      await connection.close().catch(() => undefined);
      throw error;
    } finally {
      this.#connection = undefined;
    }
  }
}

const connectTimeoutMs = 10_000;
const heartbeatSeconds = 10;

function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  parsed.searchParams.set('heartbeat', String(heartbeatSeconds));
  return parsed.toString();
}
