import type { VirtualTime } from './virtual-time.ts';

/** What happened, in order, as a hash that two runs of a seed must share; the lines themselves only when asked for. */
export class Journal {
  readonly #time: VirtualTime;
  readonly lines: string[] | undefined;
  readonly faults = new Map<string, number>();
  /** Broken rules that were seen as they were broken, by the name of the invariant. */
  readonly broken = new Map<string, string[]>();
  readonly #hashes: boolean;
  #hash = 0x811c9dc5;
  #events = 0;

  constructor(time: VirtualTime, keepsLines: boolean, hashes = true) {
    this.#time = time;
    this.#hashes = hashes;
    this.lines = keepsLines ? [] : undefined;
  }

  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }

  get events(): number {
    return this.#events;
  }

  note(what: string): void {
    this.#events += 1;
    if (this.#hashes) this.#mix(what);
    this.lines?.push(`${this.#time.nowMs.toFixed(1).padStart(9)} ${what}`);
  }

  /** Only for who reads the lines: what a log says is not part of what happened. */
  aside(what: () => string): void {
    this.lines?.push(`${this.#time.nowMs.toFixed(1).padStart(9)}   ${what()}`);
  }

  /** A fault that was really done to somebody. */
  fault(kind: string, whom = ''): void {
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
    this.note(`FAULT ${kind} ${whom}`);
  }

  break(invariant: string, what: string): void {
    const known = this.broken.get(invariant) ?? [];
    this.broken.set(invariant, [...known, `${what} at ${this.#time.nowMs.toFixed(0)} ms`]);
    this.note(`BROKEN ${invariant} ${what}`);
  }

  #mix(what: string): void {
    let hash = Math.imul(this.#hash ^ Math.floor(this.#time.nowMs * 16), 0x01000193);
    for (let place = 0; place < what.length; place += 1) {
      hash = Math.imul(hash ^ what.charCodeAt(place), 0x01000193);
    }
    this.#hash = hash;
  }
}
