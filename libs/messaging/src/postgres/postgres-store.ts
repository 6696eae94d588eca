import type { ServiceName } from '@remitflow/contracts';
import { databaseTrouble, type Database, type Transaction } from '@remitflow/persistence';
import type { StorePort, StoreTrouble, StoreUnit } from '../ports/store.ts';
import { DeadLetterStore } from './dead-letters.store.ts';
import { InboxStore } from './inbox.store.ts';
import { OutboxStore } from './outbox.store.ts';
import { RetryStore } from './retries.store.ts';

/** The runtime's tables in one service's PostgreSQL database. */
export class PostgresStore implements StorePort {
  readonly #database: Database;
  readonly #service: ServiceName;

  constructor(database: Database, service: ServiceName) {
    this.#database = database;
    this.#service = service;
  }

  transaction<T>(work: (unit: StoreUnit) => Promise<T>): Promise<T> {
    return this.#database.transaction((tx) => work(this.unitOf(tx)));
  }

  statement<T>(work: (unit: StoreUnit) => Promise<T>): Promise<T> {
    return this.#database.statement((tx) => work(this.unitOf(tx)));
  }

  whileLeading<T>(
    lock: string,
    work: (stillLeading: () => Promise<boolean>) => Promise<T>,
  ): Promise<T | undefined> {
    return this.#database.whileLeading(lock, work);
  }

  probe(): Promise<void> {
    return this.#database.probe();
  }

  troubleOf(error: unknown): StoreTrouble {
    return databaseTrouble(error);
  }

  unitOf(tx: Transaction): StoreUnit {
    return {
      tx,
      inbox: new InboxStore(tx),
      outbox: new OutboxStore(tx, this.#service),
      retries: new RetryStore(tx),
      deadLetters: new DeadLetterStore(tx),
    };
  }
}
