import { genesisHash, hashedText, type ChainedEvent, type Sha256 } from './event.ts';

export type ProblemKind = 'edited' | 'deleted' | 'swapped' | 'inserted' | 'truncated' | 'forged';

export type Problem = {
  readonly stream: string;
  readonly sequence: number;
  readonly kind: ProblemKind;
  readonly message: string;
};

/** An event as found, and whether its stored body still has the digest that was hashed. */
export type FoundEvent = { readonly event: ChainedEvent; readonly bodyHolds: boolean };

/** Follows one stream from its first event and says what was done to it. */
export class StreamCheck {
  #previousHash = genesisHash;
  #secondLastHash = '';
  #sequence = 0;
  /** By how many places events stand further back than they were written, after an insertion or a deletion. */
  #shift = 0;

  constructor(
    readonly stream: string,
    private readonly sha256: Sha256,
  ) {}

  see({ event, bodyHolds }: FoundEvent): Problem[] {
    const problems = this.#judge(event, bodyHolds);
    this.#secondLastHash = this.#previousHash;
    this.#previousHash = event.hash;
    this.#sequence = event.sequence;
    return problems;
  }

  #judge(event: ChainedEvent, bodyHolds: boolean): Problem[] {
    const expected = this.#sequence + 1;
    const { sequence } = event;
    if (sequence > expected) {
      const gap = this.#problem('deleted', expected, `Events ${expected} to ${sequence - 1} are missing.`);
      return [gap, ...this.#contentOf(event, bodyHolds)];
    }
    const isLinked = event.previousHash === this.#previousHash;
    const written = bodyHolds ? this.#placeWritten(event) : undefined;
    if (written === undefined) return this.#contentOf(event, bodyHolds);
    const shift = sequence - written;
    if (isLinked) return this.#follow(event, shift);
    return this.#misplaced(event, shift);
  }

  /** Linked to the event before it, but perhaps renumbered. */
  #follow(event: ChainedEvent, shift: number): Problem[] {
    if (shift === this.#shift) return [];
    this.#shift = shift;
    return [this.#problem('swapped', event.sequence, 'The event was given another number.')];
  }

  /** Sound in itself, but it does not follow the event before it. */
  #misplaced(event: ChainedEvent, shift: number): Problem[] {
    const { sequence } = event;
    if (event.previousHash === this.#secondLastHash) {
      this.#shift = shift;
      return [this.#problem('inserted', sequence - 1, 'The event is no part of the chain around it.')];
    }
    if (shift === this.#shift) {
      return [this.#problem('inserted', sequence, 'The event does not follow the one before it.')];
    }
    if (shift === this.#shift - 1) {
      this.#shift = shift;
      return [this.#problem('deleted', sequence, 'The event that stood here is missing.')];
    }
    return [this.#problem('swapped', sequence, `The event was written as number ${sequence - shift}.`)];
  }

  #contentOf(event: ChainedEvent, bodyHolds: boolean): Problem[] {
    if (!bodyHolds)
      return [this.#problem('edited', event.sequence, 'The body is not the one that was said.')];
    if (this.#hashesAs(event, event.sequence)) return [];
    return [this.#problem('edited', event.sequence, 'The event is not the one that was written.')];
  }

  #problem(kind: ProblemKind, sequence: number, message: string): Problem {
    return { stream: this.stream, sequence, kind, message };
  }

  /** The number under which the event hashes to what is stored; undefined when none near by does: it was edited. */
  #placeWritten(event: ChainedEvent): number | undefined {
    const { sequence } = event;
    const places = [sequence - this.#shift, sequence];
    for (let distance = 1; distance <= distanceMax; distance += 1) {
      const found = places.find((place) => this.#hashesAs(event, place));
      if (found !== undefined) return found;
      places.splice(0, places.length, sequence - distance, sequence + distance);
    }
    return undefined;
  }

  #hashesAs(event: ChainedEvent, sequence: number): boolean {
    return this.sha256(hashedText({ ...event, sequence }, event.previousHash)) === event.hash;
  }
}

/** How far from its place a renumbered event is looked for. */
const distanceMax = 1_000;
