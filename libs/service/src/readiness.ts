import { Injectable } from '@nestjs/common';
import { MessagingRuntime } from '@remitflow/messaging';
import { Database } from '@remitflow/persistence';

export type ReadyState = {
  readonly ready: boolean;
  readonly service: string;
  /** The first thing that is amiss. */
  readonly reason?: string;
  /** What was looked at, each with what was seen. */
  readonly checks: Readonly<Record<string, string>>;
};

/** Whether a service can do its work now: it consumes, can publish, reaches its database, and the broker is as it must be. */
@Injectable()
export class Readiness {
  constructor(
    private readonly runtime: MessagingRuntime,
    private readonly database: Database,
  ) {}

  async look(): Promise<ReadyState> {
    const databaseTrouble = await this.#databaseTrouble();
    const reason = this.runtime.unreadiness() ?? databaseTrouble;
    const { consumer, relayConnected, relayBlocked, drift } = this.runtime.condition();
    return {
      ready: reason === undefined,
      service: this.runtime.service,
      ...(reason ? { reason } : {}),
      checks: {
        consumer,
        relay: relayBlocked ? 'blocked' : relayConnected ? 'connected' : 'not connected',
        topology: drift.length > 0 ? drift.join('; ') : 'as it must be',
        database: databaseTrouble ?? 'answers',
      },
    };
  }

  async #databaseTrouble(): Promise<string | undefined> {
    try {
      await this.database.ping();
      return undefined;
    } catch {
      return 'the database does not answer';
    }
  }
}
