/** Where a claim's CLP begins in a file: bytes before it, and its number among the segments, from 1. */
export type ClaimPlace = { readonly byteOffset: number; readonly segmentOrdinal: number };

/** Follows the pieces of an 835 as they are written and notes where each claim begins. */
export class ClaimPlaces {
  places: ClaimPlace[] = [];
  readonly #begin: string;
  #bytes = 0;
  #segments = 0;

  constructor(private readonly delimiters: { readonly element: string; readonly segment: string }) {
    this.#begin = `CLP${delimiters.element}`;
  }

  /** Those noted since the last time. */
  take(): ClaimPlace[] {
    const { places } = this;
    this.places = [];
    return places;
  }

  get bytes(): number {
    return this.#bytes;
  }

  see(piece: string): void {
    if (piece.startsWith(this.#begin))
      this.places.push({ byteOffset: this.#bytes, segmentOrdinal: this.#segments + 1 });
    this.#bytes += Buffer.byteLength(piece);
    for (let at = piece.indexOf(this.#end); at !== -1; at = piece.indexOf(this.#end, at + 1))
      this.#segments += 1;
  }

  get #end(): string {
    return this.delimiters.segment;
  }
}
