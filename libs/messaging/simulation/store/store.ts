import type { ServiceName } from '@remitflow/contracts';
import type { StorePort, StoreUnit } from '../../src/ports/store.ts';
import type { Chance } from '../chance.ts';
import type { Journal } from '../journal.ts';
import type { SimulatedProcess } from '../process.ts';
import type { VirtualTime } from '../virtual-time.ts';
import { Locks } from './locks.ts';
import { Tables } from './tables.ts';
import { StoreContention, StoreOutage, troubleOf } from './troubles.ts';
import { SimulatedUnit, type Ground } from './unit.ts';

/** What the store is like just now; probabilities are of one transaction or one statement. */
export type StoreWeather = {
  latencyMs: number;
  failsBeforeCommit: number;
  failsAfterCommit: number;
  contention: number;
};

export const calmStore: StoreWeather = {
  latencyMs: 2,
  failsBeforeCommit: 0,
  failsAfterCommit: 0,
  contention: 0,
};

export type StoreParts = {
  readonly service: ServiceName;
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly journal: Journal;
  readonly instant: (atMs: number) => string;
};

type Lease = { isLost: boolean; readonly holder: SimulatedProcess };
type Work<T> = (unit: StoreUnit) => Promise<T>;

/** PostgreSQL as far as the runtime knows it: the database of one service, which outlives its processes. */
export class SimulatedStore {
  readonly tables = new Tables();
  readonly weather: StoreWeather = { ...calmStore };
  readonly #parts: StoreParts;
  readonly #ground: Ground;
  readonly #open = new Set<SimulatedUnit>();
  readonly #leases = new Map<string, Lease>();
  #isUp = true;
  #stalledUntilMs = 0;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    const { service, time, instant } = parts;
    this.#ground = {
      ...{ service, instant, tables: this.tables, locks: new Locks() },
      nowMs: () => time.nowMs,
      onStatement: () => this.#statement(),
    };
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get isQuiet(): boolean {
    return this.#open.size === 0;
  }

  /** The store as one process reaches it. */
  portOf(process: SimulatedProcess): StorePort {
    return {
      transaction: (work) => process.answer(this.#transaction(process, work)),
      statement: (work) => process.answer(this.#transaction(process, work)),
      whileLeading: (lock, work) => process.answer(this.#whileLeading(process, lock, work)),
      probe: () => process.answer(this.#reach()),
      troubleOf,
    };
  }

  /** Everything that is open is cut off, and nothing opens until {@link start}. */
  stop(): void {
    this.#isUp = false;
    for (const lease of this.#leases.values()) lease.isLost = true;
    this.#leases.clear();
    this.#cutOff();
  }

  start(): void {
    this.#isUp = true;
  }

  /** Terminates the connections there are, as an administrator may. */
  terminate(): void {
    this.stop();
    this.start();
  }

  /** A table is locked: nothing is answered for so long. */
  stall(durationMs: number): void {
    this.#stalledUntilMs = this.#parts.time.nowMs + durationMs;
  }

  #cutOff(): void {
    for (const unit of this.#open) unit.rollBack(new StoreOutage('connection terminated'));
    this.#open.clear();
  }

  async #reach(): Promise<void> {
    const { time, chance } = this.#parts;
    await time.pause(chance.next() * this.weather.latencyMs + Math.max(0, this.#stalledUntilMs - time.nowMs));
    if (!this.#isUp) throw new StoreOutage('connection refused');
  }

  async #transaction<T>(process: SimulatedProcess, work: Work<T>): Promise<T> {
    await this.#reach();
    const unit = new SimulatedUnit(this.#ground);
    this.#open.add(unit);
    const forgetEnd = process.atEnd(() => this.#abandon(unit));
    try {
      const value = await work(unit);
      forgetEnd(); // the commit is under way, and a process that dies now cannot stop it
      await this.#commit(unit);
      return value;
    } finally {
      forgetEnd();
      this.#abandon(unit);
    }
  }

  #abandon(unit: SimulatedUnit): void {
    if (this.#open.delete(unit)) unit.rollBack(new StoreOutage('rolled back'));
  }

  async #commit(unit: SimulatedUnit): Promise<void> {
    const { time, chance, journal, service } = this.#parts;
    if (unit.hasWritten) await time.pause(chance.next() * this.weather.latencyMs);
    if (unit.failure) throw unit.failure;
    if (chance.happens(this.weather.failsBeforeCommit)) {
      journal.fault('store-fails-before-commit', service);
      throw chance.happens(0.5) ? new StoreOutage('cut off') : new StoreContention('cannot serialize');
    }
    this.#open.delete(unit);
    unit.commit();
    if (!chance.happens(this.weather.failsAfterCommit)) return;
    journal.fault('store-fails-after-commit', service);
    throw new StoreOutage('cut off before the answer');
  }

  #statement(): Promise<void> | void {
    const { time, chance, journal, service } = this.#parts;
    if (chance.happens(this.weather.contention)) {
      journal.fault('store-contention', service);
      throw new StoreContention('lock not available');
    }
    if (this.#stalledUntilMs > time.nowMs) return time.pause(this.#stalledUntilMs - time.nowMs);
  }

  async #whileLeading<T>(
    holder: SimulatedProcess,
    lock: string,
    work: (stillLeading: () => Promise<boolean>) => Promise<T>,
  ): Promise<T | undefined> {
    await this.#reach();
    if (this.#leases.has(lock)) return undefined;
    const lease: Lease = { isLost: false, holder };
    this.#leases.set(lock, lease);
    const release = (): void => {
      if (this.#leases.get(lock) === lease) this.#leases.delete(lock);
    };
    const forgetEnd = holder.atEnd(release);
    try {
      return await work(() => holder.answer(this.#stillLeads(lease)));
    } finally {
      forgetEnd();
      release();
    }
  }

  async #stillLeads(lease: Lease): Promise<boolean> {
    await this.#reach();
    return !lease.isLost;
  }
}
