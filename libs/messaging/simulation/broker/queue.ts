import type { Message } from '../../src/ports/message.ts';

/** One message in one queue. */
export type Entry = { readonly message: Message; readonly order: number; returns: number };

/** Who takes messages out of a queue. */
export type Taker = { readonly hasRoom: boolean; take(entry: Entry): void };

export type QueueLimits = {
  /** A message that came back more often than this leaves the queue. */
  readonly returnsMax?: number;
  onOverLimit?(message: Message): void;
};

/** A quorum queue: keeps order, counts what comes back, and hands out to its consumers in turn. */
export class SimulatedQueue {
  readonly name: string;
  readonly #limits: QueueLimits;
  #ready: Entry[] = [];
  #order = 0;
  #takers: Taker[] = [];
  /** Handed out and not settled. */
  unsettled = 0;

  constructor(name: string, limits: QueueLimits = {}) {
    this.name = name;
    this.#limits = limits;
  }

  get ready(): readonly Entry[] {
    return this.#ready;
  }

  get consumers(): number {
    return this.#takers.length;
  }

  get isEmpty(): boolean {
    return this.#ready.length === 0 && this.unsettled === 0;
  }

  add(message: Message): void {
    this.#ready.push({ message, order: (this.#order += 1), returns: 0 });
    this.handOut();
  }

  /** Something that was handed out is over with: acknowledged, or gone with the one who had it. */
  settle(): void {
    this.unsettled -= 1;
  }

  /** Something that was handed out comes back, to its old place. */
  putBack(entry: Entry, counts: boolean): void {
    this.unsettled -= 1;
    if (counts) entry.returns += 1;
    if (this.#limits.returnsMax !== undefined && entry.returns > this.#limits.returnsMax) {
      this.#limits.onOverLimit?.(entry.message);
      return;
    }
    const place = this.#ready.findIndex(({ order }) => order > entry.order);
    this.#ready.splice(place < 0 ? this.#ready.length : place, 0, entry);
  }

  attach(taker: Taker): void {
    this.#takers.push(taker);
    this.handOut();
  }

  detach(taker: Taker): void {
    this.#takers = this.#takers.filter((one) => one !== taker);
  }

  handOut(): void {
    while (this.#ready.length > 0) {
      const place = this.#takers.findIndex(({ hasRoom }) => hasRoom);
      const [taker] = place < 0 ? [] : this.#takers.splice(place, 1);
      if (!taker) return;
      this.#takers.push(taker);
      this.unsettled += 1;
      taker.take(this.#ready.shift()!);
    }
  }

  /** Loses what waits, as far as `isLost` says so; gives how many. */
  lose(isLost: (entry: Entry) => boolean): number {
    const before = this.#ready.length;
    this.#ready = this.#ready.filter((entry) => !isLost(entry));
    return before - this.#ready.length;
  }

  /** Puts what waits into another order. */
  shuffle(rank: () => number): void {
    const ranked = this.#ready.map((entry) => ({ entry, rank: rank() }));
    this.#ready = ranked.sort((one, other) => one.rank - other.rank).map(({ entry }) => entry);
  }
}
