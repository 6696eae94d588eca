import type { Delimiters } from './delimiters.ts';
import { beyondAscii, cutAt, decode } from './latin1.ts';
import type { Location } from './problem.ts';

/**
 * One segment where it stood in the file. `raw` holds one character a byte (ISO 8859-1), so places in it are bytes;
 * `elements` holds the text, read as UTF-8 where the bytes are UTF-8.
 */
export class Segment {
  readonly id: string;
  /** Counted from 1 over the whole file. */
  readonly ordinal: number;
  readonly byteOffset: number;
  /** With the terminator, which the last segment of a file may lack. */
  readonly byteLength: number;
  readonly delimiters: Delimiters;
  #elements: readonly string[] | undefined;

  constructor(
    readonly raw: string,
    place: { readonly ordinal: number; readonly byteOffset: number; readonly byteLength: number },
    delimiters: Delimiters,
  ) {
    this.ordinal = place.ordinal;
    this.byteOffset = place.byteOffset;
    this.byteLength = place.byteLength;
    this.delimiters = delimiters;
    const end = raw.indexOf(delimiters.element);
    this.id = end === -1 ? raw : raw.slice(0, end);
  }

  /** `elements[0]` is the segment id, `elements[n]` is element n as written; components are not yet cut. */
  get elements(): readonly string[] {
    return (this.#elements ??= this.#cut());
  }

  /** Element n, or an empty string when it was not sent. */
  element(n: number): string {
    return this.elements[n] ?? '';
  }

  components(n: number): readonly string[] {
    const text = this.elements[n];
    return text === undefined ? [] : cutAt(this.delimiters.component, text);
  }

  /** The repeats of element n; one when the interchange declares no repetition separator. */
  repeats(n: number): readonly string[] {
    const { repetition } = this.delimiters;
    return repetition === undefined ? [this.element(n)] : this.element(n).split(repetition);
  }

  /** The byte where element n (and component m, from 1) starts; the end of the segment when it was not sent. */
  offsetOf(element: number, component = 1): number {
    const start = after(this.raw, this.delimiters.element, { times: element, from: 0 });
    return (
      this.byteOffset + after(this.raw, this.delimiters.component, { times: component - 1, from: start })
    );
  }

  at(element?: number, component?: number): Location {
    return {
      byteOffset: element === undefined ? this.byteOffset : this.offsetOf(element, component),
      segment: this.id.slice(0, 3),
      ordinal: this.ordinal,
      ...(element === undefined ? {} : { element }),
      ...(component === undefined ? {} : { component }),
    };
  }

  #cut(): readonly string[] {
    const cut = cutAt(this.delimiters.element, this.raw);
    return beyondAscii.test(this.raw) ? cut.map(decode) : cut;
  }
}

function after(raw: string, mark: string, { times, from }: { times: number; from: number }): number {
  let place = from;
  for (let n = 0; n < times; n += 1) {
    const found = raw.indexOf(mark, place);
    if (found === -1) return raw.length;
    place = found + 1;
  }
  return place;
}
