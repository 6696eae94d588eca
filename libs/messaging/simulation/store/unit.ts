import type { ServiceName } from '@remitflow/contracts';
import type { Transaction } from '@remitflow/persistence';
import type {
  DeadLetterTable,
  InboxTable,
  OutboxTable,
  Parking,
  RetryTable,
  StoreUnit,
} from '../../src/ports/store.ts';
import { inboxTable } from './inbox-table.ts';
import type { Locks } from './locks.ts';
import { outboxTable } from './outbox-table.ts';
import { retryTable } from './retry-table.ts';
import type { Effect, Said, Tables } from './tables.ts';

/** What a transaction stands on. */
export type Ground = {
  readonly service: ServiceName;
  readonly tables: Tables;
  readonly locks: Locks;
  readonly nowMs: () => number;
  /** The world's time of day at a moment of the simulation. */
  readonly instant: (atMs: number) => string;
  /** Called with every statement: may fail it, or hold it up. */
  readonly onStatement: () => Promise<void> | void;
};

/** The service's own tables, behind the `tx` of a handler. */
export type BusinessTables = {
  insertEffects(effects: readonly Effect[]): Promise<void>;
  insertSaid(said: Said): Promise<void>;
};

export const businessOf = (tx: Transaction): BusinessTables => tx as unknown as BusinessTables;

/**
 * One transaction: nothing that it writes is there before it commits, and then all of it is. Its tables are made when
 * they are asked for, since most transactions touch one of them.
 */
export class SimulatedUnit implements StoreUnit {
  waitsFor: SimulatedUnit | undefined;
  /** Why it can only be rolled back. */
  failure: Error | undefined;
  readonly #ground: Ground;
  #writes: (() => void)[] | undefined;
  #locked: string[] | undefined;
  #inbox: InboxTable | undefined;
  #outbox: OutboxTable | undefined;
  #retries: RetryTable | undefined;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  get inbox(): InboxTable {
    return (this.#inbox ??= inboxTable(this, this.#ground));
  }

  get outbox(): OutboxTable {
    return (this.#outbox ??= outboxTable(this, this.#ground));
  }

  get retries(): RetryTable {
    return (this.#retries ??= retryTable(this, this.#ground));
  }

  get deadLetters(): DeadLetterTable {
    return { park: (parking) => this.statement(() => this.#park(parking)) };
  }

  get tx(): Transaction {
    const { tables } = this.#ground;
    return {
      insertEffects: (effects: readonly Effect[]) =>
        this.statement(() => this.write(() => void tables.effects.push(...effects))),
      insertSaid: (said: Said) =>
        this.statement(() => this.write(() => void tables.said.set(said.messageId, said))),
    } satisfies BusinessTables as unknown as Transaction;
  }

  /** A statement of the transaction; after one has failed, none succeeds. */
  async statement<T>(act: () => T | Promise<T>): Promise<T> {
    if (this.failure) throw this.failure;
    try {
      const held = this.#ground.onStatement();
      if (held) await held;
      const given = act();
      const value = given instanceof Promise ? await given : given;
      if (this.failure) throw this.failure;
      return value;
    } catch (error) {
      this.failure ??= error as Error;
      throw error;
    }
  }

  get hasWritten(): boolean {
    return this.#writes !== undefined;
  }

  write(act: () => void): void {
    (this.#writes ??= []).push(act);
  }

  async lock(key: string): Promise<void> {
    await this.#ground.locks.take(key, this);
    if (this.failure) {
      this.#ground.locks.release(key, this);
      throw this.failure;
    }
    (this.#locked ??= []).push(key);
  }

  commit(): void {
    for (const write of this.#writes ?? []) write();
    this.#release();
  }

  rollBack(reason: Error): void {
    this.failure ??= reason;
    this.#release();
  }

  #release(): void {
    for (const key of this.#locked ?? []) this.#ground.locks.release(key, this);
    this.#locked = undefined;
  }

  async #park(parking: Parking): Promise<void> {
    await this.lock(`dead letter ${parking.messageId}`);
    const { tables, nowMs } = this.#ground;
    const known = tables.deadLetters.get(parking.messageId);
    const attempts = [...(known?.attempts ?? []), ...parking.attempts];
    const parkedAtMs = nowMs();
    this.write(() => tables.deadLetters.set(parking.messageId, { ...parking, attempts, parkedAtMs }));
  }
}
