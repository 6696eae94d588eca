import type { ChannelModel, ConfirmChannel } from 'amqplib';
import type { ServiceName } from '@remitflow/contracts';
import type { Database } from '@remitflow/persistence';
import { BrokerConnection } from '../amqp/broker-connection.ts';
import type { Envelope } from './envelope.ts';
import { factsExchange } from '../amqp/topology.ts';
import type { RuntimeLog } from './unit.ts';
import { Bell, pause } from './waiting.ts';
import { toProperties } from '../amqp/wire.ts';

export type RelayOptions = {
  readonly service: ServiceName;
  readonly brokerUrl: string;
  readonly database: Database;
  readonly log: RuntimeLog;
};

type OutboxRow = {
  seq: string;
  message_id: string;
  fact_name: string;
  subject: string;
  target: string | null;
  correlation_id: string;
  causation_id: string | null;
  trace_parent: string | null;
  digest: Buffer;
  body: Buffer;
  created_at: Date;
};

/** Unconfirmed publishes in flight: at 1 the relay is 45 times slower, beyond a few hundred nothing is gained. */
const windowMax = 300;
/** … and never more than this many bytes of them. */
const windowBytesMax = 8 * 1024 * 1024;
const pollMs = 500;
const confirmTimeoutMs = 15_000;
const returnedWaitMs = 2_000;

/**
 * Carries outbox rows to the broker, in the order in which they were said. A row is published when the broker has
 * confirmed it and has not returned it; one process a service does this at a time.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #broker: BrokerConnection;
  readonly #bell = new Bell();
  readonly #closing = new AbortController();
  #channel: ConfirmChannel | undefined;
  #blocked = false;
  #running: Promise<void> | undefined;
  readonly #returned = new Set<string>();

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#broker = new BrokerConnection({
      url: options.brokerUrl,
      name: `remitflow-${options.service}-publish`,
      events: {
        onOpen: (connection) => this.#open(connection),
        onLost: (reason) => this.#lost(reason),
        onBlocked: (reason) => this.#block(reason),
        onUnblocked: () => this.#unblock(),
      },
    });
  }

  get connected(): boolean {
    return this.#channel !== undefined;
  }

  /** The broker has stopped taking messages (memory or disk alarm). */
  get blocked(): boolean {
    return this.#blocked;
  }

  start(): void {
    this.#broker.start();
    this.#running ??= this.#run();
  }

  /** Something was said: publish it now rather than at the next poll. */
  wake(): void {
    this.#bell.ring();
  }

  /** Publishes what is there, for at most the time given, and leaves. */
  async close(flushMs = 5_000): Promise<void> {
    const deadline = Date.now() + flushMs;
    while (this.connected && !this.#blocked && Date.now() < deadline && (await this.#backlog()) > 0) {
      this.wake();
      await pause(20);
    }
    this.#closing.abort();
    await this.#running;
    await this.#broker.close();
  }

  async #backlog(): Promise<number> {
    try {
      return (await outboxBacklog(this.#options.database)).rows;
    } catch {
      return 0;
    }
  }

  async #open(connection: ChannelModel): Promise<void> {
    const channel = await connection.createConfirmChannel();
    channel.on('error', (error: Error) =>
      this.#options.log.warn({ reason: error.message }, 'publish channel closed'),
    );
    channel.on('close', () => {
      if (this.#channel === channel) {
        this.#channel = undefined;
        void this.#broker.reset();
      }
    });
    channel.on('return', (message) => this.#returned.add(String(message.properties.messageId)));
    this.#channel = channel;
    this.#blocked = false;
    this.wake();
  }

  #lost(reason: string): void {
    this.#channel = undefined;
    this.#blocked = false;
    if (!this.#closing.signal.aborted) this.#options.log.warn({ reason }, 'publish connection lost');
  }

  #block(reason: string): void {
    this.#blocked = true;
    this.#options.log.warn({ reason }, 'broker takes no messages');
  }

  #unblock(): void {
    this.#blocked = false;
    this.wake();
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        const led = await this.#options.database.whileLeading(`outbox-relay`, (still) => this.#lead(still));
        if (led === undefined) await pause(pollMs, this.#closing.signal);
      } catch (error) {
        this.#options.log.warn(
          { reason: error instanceof Error ? error.message : '' },
          'outbox not readable',
        );
        await pause(pollMs, this.#closing.signal);
      }
    }
  }

  async #lead(stillLeading: () => Promise<boolean>): Promise<true> {
    for (let checkedAt = Date.now(); !this.#closing.signal.aborted;) {
      const published = this.#channel && !this.#blocked ? await this.#publishWindow(this.#channel) : 0;
      if (published === 0) await this.#bell.wait(pollMs, this.#closing.signal);
      if (Date.now() - checkedAt > leadershipCheckMs) {
        if (!(await stillLeading())) return true;
        checkedAt = Date.now();
      }
    }
    return true;
  }

  async #publishWindow(channel: ConfirmChannel): Promise<number> {
    const rows = await this.#nextRows();
    if (rows.length === 0) return 0;
    this.#returned.clear();
    const confirmed = await Promise.all(rows.map((row) => this.#publish(channel, row)));
    const returned = rows.filter((row) => this.#returned.has(row.message_id));
    const published = rows.filter((row, place) => confirmed[place] && !this.#returned.has(row.message_id));
    await this.#options.database.query(
      `with published as (
         update outbox set published_at = now() where seq = any($1::bigint[])
       )
       update outbox set not_before = now() + $3 * interval '1 millisecond' where seq = any($2::bigint[])`,
      [published.map((row) => row.seq), returned.map((row) => row.seq), returnedWaitMs],
    );
    if (returned.length > 0) {
      this.#options.log.error(
        { returned: returned.length, fact: returned[0]?.fact_name },
        'nobody to route to',
      );
    }
    return published.length;
  }

  async #nextRows(): Promise<OutboxRow[]> {
    return this.#options.database.query<OutboxRow>(
      `select seq, message_id, fact_name, subject, target, correlation_id, causation_id, trace_parent, digest, body, created_at
       from (
         select *, sum(length(body)) over (order by seq) - length(body) as bytes_before
         from (
           select * from outbox where published_at is null and not_before <= now() order by seq limit $1
         ) as next
       ) as window_rows
       where bytes_before < $2
       order by seq`,
      [windowMax, windowBytesMax],
    );
  }

  /** Whether the broker has it. A return comes before its confirm, so both are known afterwards. */
  #publish(channel: ConfirmChannel, row: OutboxRow): Promise<boolean> {
    const properties = { ...toProperties(envelopeOf(row, this.#options.service)), mandatory: true };
    const [exchange, key] = row.target === null ? [factsExchange, row.fact_name] : ['', row.target];
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), confirmTimeoutMs);
      const settle = (confirmed: boolean): void => {
        clearTimeout(timer);
        resolve(confirmed);
      };
      try {
        channel.publish(exchange, key, row.body, properties, (error) => settle(!error));
      } catch {
        settle(false);
      }
    });
  }
}

const leadershipCheckMs = 5_000;

const envelopeOf = (row: OutboxRow, service: ServiceName): Envelope => ({
  id: row.message_id,
  type: row.fact_name,
  source: service,
  subject: row.subject,
  time: row.created_at.toISOString(),
  correlationId: row.correlation_id,
  ...(row.causation_id ? { causationId: row.causation_id } : {}),
  ...(row.trace_parent ? { traceParent: row.trace_parent } : {}),
  digest: row.digest.toString('hex'),
});

export type Backlog = {
  /** Said and not yet published; a speaker that is far ahead of the broker waits on this. */
  readonly rows: number;
  readonly oldestAgeMs: number;
};

export async function outboxBacklog(database: Database): Promise<Backlog> {
  const [row] = await database.query<{ rows: number; oldest: number }>(
    `select count(*)::int as rows,
            coalesce(extract(epoch from now() - min(created_at)) * 1000, 0)::float8 as oldest
     from outbox where published_at is null`,
  );
  return { rows: row?.rows ?? 0, oldestAgeMs: row?.oldest ?? 0 };
}

/** How many facts the service has ever said to everybody; the audit trail must know as many. */
export async function factsSaid(database: Database): Promise<number> {
  const [row] = await database.query<{ said: number }>(
    `select count(*)::int as said from outbox where target is null`,
  );
  return row?.said ?? 0;
}
