import type { Transaction } from '@remitflow/persistence';
import type { Envelope } from '../../src/core/envelope.ts';
import type {
  Arrival,
  DeadLetterTable,
  InboxOutcome,
  InboxTable,
  OutboxTable,
  RetryTable,
  Scheduled,
  StoreUnit,
} from '../../src/ports/store.ts';
import type { Locks } from './locks.ts';
import { outboxTable } from './outbox-table.ts';
import type { Effect, InboxEntry, RetryEntry, Said, Tables } from './tables.ts';
import type { ServiceName } from '@remitflow/contracts';

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

/** One transaction: nothing that it writes is there before it commits, and then all of it is. */
export class SimulatedUnit implements StoreUnit {
  waitsFor: SimulatedUnit | undefined;
  /** Why it can only be rolled back. */
  failure: Error | undefined;
  /** Ids of what it has said itself. */
  readonly said = new Set<string>();
  readonly #ground: Ground;
  readonly #writes: (() => void)[] = [];
  readonly #locked: string[] = [];
  readonly #arrived = new Map<string, InboxEntry>();
  readonly #scheduled = new Map<string, RetryEntry | undefined>();

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  readonly inbox: InboxTable = {
    arrive: (envelope, outcome) => this.statement(() => this.#arrive(envelope, outcome)),
    knows: (envelope) => this.statement(() => this.#known(envelope.id)?.envelope.digest === envelope.digest),
  };

  readonly outbox: OutboxTable = outboxTable(this, () => this.#ground);

  readonly retries: RetryTable = {
    schedule: (message, delayMs) => this.statement(() => this.#schedule(message, delayMs)),
    scheduleOnce: (message, delayMs) =>
      this.statement(async () => {
        await this.lock(`retry ${message.envelope.id}`);
        if (!this.#retry(message.envelope.id)) await this.#schedule(message, delayMs);
      }),
    leaseDue: (leaseMs) => this.statement(() => this.#leaseDue(leaseMs)),
    remove: (messageId) =>
      this.statement(async () => {
        if (!this.#retry(messageId)) return;
        await this.lock(`retry ${messageId}`);
        this.#scheduled.set(messageId, undefined);
        this.write(() => this.#ground.tables.retries.delete(messageId));
      }),
  };

  readonly deadLetters: DeadLetterTable = {
    park: (parking) =>
      this.statement(async () => {
        await this.lock(`dead letter ${parking.messageId}`);
        const { tables, nowMs } = this.#ground;
        const known = tables.deadLetters.get(parking.messageId);
        const attempts = [...(known?.attempts ?? []), ...parking.attempts];
        const parkedAtMs = nowMs();
        this.write(() => tables.deadLetters.set(parking.messageId, { ...parking, attempts, parkedAtMs }));
      }),
  };

  readonly tx = {
    insertEffects: (effects: readonly Effect[]) =>
      this.statement(() => this.write(() => void this.#ground.tables.effects.push(...effects))),
    insertSaid: (said: Said) =>
      this.statement(() => this.write(() => void this.#ground.tables.said.set(said.messageId, said))),
  } satisfies BusinessTables as unknown as Transaction;

  /** A statement of the transaction; after one has failed, none succeeds. */
  async statement<T>(act: () => T | Promise<T>): Promise<T> {
    if (this.failure) throw this.failure;
    try {
      await this.#ground.onStatement();
      const value = await act();
      if (this.failure) throw this.failure;
      return value;
    } catch (error) {
      this.failure ??= error as Error;
      throw error;
    }
  }

  get hasWritten(): boolean {
    return this.#writes.length > 0;
  }

  write(act: () => void): void {
    this.#writes.push(act);
  }

  async lock(key: string): Promise<void> {
    await this.#ground.locks.take(key, this);
    if (this.failure) {
      this.#ground.locks.release(key, this);
      throw this.failure;
    }
    this.#locked.push(key);
  }

  commit(): void {
    for (const write of this.#writes) write();
    this.#release();
  }

  rollBack(reason: Error): void {
    this.failure ??= reason;
    this.#release();
  }

  #release(): void {
    for (const key of this.#locked) this.#ground.locks.release(key, this);
    this.#locked.length = 0;
  }

  #known = (id: string): InboxEntry | undefined => this.#arrived.get(id) ?? this.#ground.tables.inbox.get(id);

  async #arrive(envelope: Envelope, outcome: InboxOutcome): Promise<Arrival> {
    await this.lock(`inbox ${envelope.id}`);
    const known = this.#known(envelope.id);
    if (known) return known.envelope.digest === envelope.digest ? 'duplicate' : 'digest-conflict';
    const entry = { envelope, outcome, arrivedAtMs: this.#ground.nowMs() };
    this.#arrived.set(envelope.id, entry);
    this.write(() => this.#ground.tables.inbox.set(envelope.id, entry));
    return 'new';
  }

  #retry(id: string): RetryEntry | undefined {
    return this.#scheduled.has(id) ? this.#scheduled.get(id) : this.#ground.tables.retries.get(id);
  }

  async #schedule(message: Scheduled, delayMs: number): Promise<void> {
    const { id } = message.envelope;
    await this.lock(`retry ${id}`);
    this.#put(id, { ...message, dueAtMs: this.#ground.nowMs() + delayMs, leases: 0 });
  }

  #put(id: string, entry: RetryEntry): void {
    this.#scheduled.set(id, entry);
    this.write(() => this.#ground.tables.retries.set(id, entry));
  }

  async #leaseDue(leaseMs: number): Promise<RetryEntry | undefined> {
    const { tables, locks, nowMs } = this.#ground;
    let due: RetryEntry | undefined;
    for (const [id, retry] of tables.retries) {
      if (retry.dueAtMs > nowMs() || !locks.isFree(`retry ${id}`)) continue;
      if (!due || retry.dueAtMs < due.dueAtMs) due = retry;
    }
    if (!due) return undefined;
    await this.lock(`retry ${due.envelope.id}`);
    const leased = { ...due, dueAtMs: nowMs() + leaseMs, leases: due.leases + 1 };
    this.#put(due.envelope.id, leased);
    return leased;
  }
}
