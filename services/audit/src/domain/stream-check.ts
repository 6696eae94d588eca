import { genesisHash, hashedText, type ChainedEvent, type Sha256 } from './event.ts';

/** How far a stream goes. */
export type StreamEnd = { readonly sequence: number; readonly hash: string };

export type ProblemKind = 'edited' | 'deleted' | 'swapped' | 'inserted' | 'truncated' | 'forged';

export type Problem = {
  readonly stream: string;
  readonly sequence: number;
  readonly kind: ProblemKind;
  readonly message: string;
};

/** An event as found, and whether its stored body still has the digest that was hashed. */
export type FoundEvent = {
  readonly event: ChainedEvent;
  readonly bodyHolds: boolean;
};

/** An event that stands elsewhere than it was written: what that means is known from the one behind it. */
type Moved = { readonly sequence: number; readonly shift: number; readonly looksInserted: boolean };

/** Follows one stream from its first event to its end and says what was done to it. */
export class StreamCheck {
  #previousHash = genesisHash;
  #secondLastHash = '';
  #sequence = 0;
  /** By how many places events stand further back than they were written, after an insertion or a deletion. */
  #shift = 0;
  #moved: Moved | undefined;
  /** The event before is one of which something was said: that this one does not follow it says no more. */
  #isSuspect = false;

  /** Behind an anchor it begins there: what the stream was until then has been forgotten. */
  constructor(
    readonly stream: string,
    private readonly sha256: Sha256,
    anchor?: StreamEnd,
  ) {
    if (!anchor) return;
    this.#sequence = anchor.sequence;
    this.#previousHash = anchor.hash;
  }

  see({ event, bodyHolds }: FoundEvent): Problem[] {
    const isAfterGap = event.sequence > this.#sequence + 1;
    const written = bodyHolds && !isAfterGap ? this.#placeWritten(event) : undefined;
    const isLinked = event.previousHash === this.#previousHash;
    const shift = written === undefined ? undefined : event.sequence - written;
    const ofMoved = this.#settle(isLinked ? shift : undefined);
    const ofGap = isAfterGap ? [this.#gapBefore(event)] : [];
    const ofEvent =
      shift === undefined ? this.#contentOf(event, bodyHolds) : this.#placeOf(event, { isLinked, shift });
    this.#isSuspect = this.#moved !== undefined || ofEvent.length > 0;
    this.#secondLastHash = this.#previousHash;
    this.#previousHash = event.hash;
    this.#sequence = event.sequence;
    return [...ofMoved, ...ofGap, ...ofEvent];
  }

  end(): Problem[] {
    return this.#settle(this.#moved?.shift);
  }

  /** When the next event is moved as far, all behind are, because of one more or less; else it was that event alone. */
  #settle(nextShift: number | undefined): Problem[] {
    const moved = this.#moved;
    if (!moved) return [];
    this.#moved = undefined;
    const { sequence, shift, looksInserted } = moved;
    if (nextShift !== shift || !(looksInserted || shift < this.#shift))
      return [this.#problem('swapped', sequence, `The event was written as number ${sequence - shift}.`)];
    this.#shift = shift;
    return looksInserted
      ? [this.#problem('inserted', sequence - 1, 'The event is no part of the chain around it.')]
      : [this.#problem('deleted', sequence, 'The event that stood here is missing.')];
  }

  #gapBefore({ sequence }: ChainedEvent): Problem {
    const expected = this.#sequence + 1;
    return this.#problem('deleted', expected, `Events ${expected} to ${sequence - 1} are missing.`);
  }

  /** The event is as it was written, but perhaps not where. */
  #placeOf(event: ChainedEvent, { isLinked, shift }: { isLinked: boolean; shift: number }): Problem[] {
    const { sequence } = event;
    if (shift !== this.#shift) {
      const looksInserted = !this.#isSuspect && event.previousHash === this.#secondLastHash;
      this.#moved = { sequence, shift, looksInserted };
      return [];
    }
    if (isLinked || this.#isSuspect) return [];
    return [this.#problem('edited', sequence - 1, 'The event is not the one that the next one follows.')];
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
const distanceMax = 100;
