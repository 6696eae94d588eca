import { genesisHash, hashedText, type ChainedEvent, type Sha256 } from './event.ts';

/** An event as it was read, with its body as stored. */
export type ReadEvent = { readonly event: ChainedEvent; readonly body: Uint8Array };

/**
 * Whether events, seen in the order of their streams, are all as they were written and where. It says no more than in
 * which stream something is wrong; what that is, StreamCheck knows.
 */
export class QuickCheck {
  /** How many streams were begun. */
  streams = 0;
  #stream: string | undefined;
  #sequence = 0;
  #previousHash = genesisHash;

  constructor(
    private readonly sha256: Sha256,
    private readonly bodyHolds: (read: ReadEvent) => boolean,
  ) {}

  /** Whether it is the first of its stream, or follows the one before. */
  holds(read: ReadEvent): boolean {
    const { event } = read;
    if (event.stream !== this.#stream) this.#begin(event.stream);
    const isNext = event.sequence === this.#sequence + 1 && event.previousHash === this.#previousHash;
    this.#sequence = event.sequence;
    this.#previousHash = event.hash;
    return (
      isNext && this.sha256(hashedText(event, event.previousHash)) === event.hash && this.bodyHolds(read)
    );
  }

  #begin(stream: string): void {
    this.streams += 1;
    this.#stream = stream;
    this.#sequence = 0;
    this.#previousHash = genesisHash;
  }
}
