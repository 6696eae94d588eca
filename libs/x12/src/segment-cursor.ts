import { parseDollars, type Cents, type PlainDate } from '@remitflow/kernel';
import type { Delimiters } from './delimiters.ts';
import { cutAt, decode } from './latin1.ts';
import { compactDayLength, dayIn, plainAmount, wholeNumber } from './numbers.ts';
import type { Location } from './problem.ts';
import { packBytes, packCode, unpackCode } from './segment-code.ts';
import { Segment } from './segment.ts';

/**
 * The segment a {@link SegmentScanner} stands at, within the bytes it was read from: an element is cut only when it is
 * asked for. The same cursor goes from segment to segment, so what is to be kept is taken from it.
 */
export class SegmentCursor {
  /** The segment id, packed: one of `segmentCodes`, or of a segment nobody looks for. */
  code = 0;
  /** Counted from 1 over the whole file. */
  ordinal = 0;
  byteOffset = 0;
  /** With the terminator, which the last segment of a file may lack. */
  byteLength = 0;
  /** The segment id counts as one. */
  elementCount = 0;
  isAscii = true;
  /** Where each element starts in the piece, and behind the last one where another would start. */
  starts: Int32Array;
  bytes: Uint8Array = new Uint8Array(0);
  /** The bytes as text of one character a byte. */
  text = '';
  delimiters: Delimiters = noDelimiters;
  #componentMark = 0;
  #componentStarts: Int32Array;
  #componentTexts: readonly string[] = [];

  constructor(segmentBytesMax: number) {
    this.starts = new Int32Array(segmentBytesMax + 2);
    this.#componentStarts = new Int32Array(segmentBytesMax + 2);
  }

  use(delimiters: Delimiters): void {
    this.delimiters = delimiters;
    this.#componentMark = delimiters.component.charCodeAt(0);
  }

  get id(): string {
    return this.text.slice(this.starts[0], this.starts[1]! - 1);
  }

  /** Element n, or an empty string when it was not sent. */
  element(n: number): string {
    if (n >= this.elementCount) return '';
    const raw = this.text.slice(this.starts[n], this.starts[n + 1]! - 1);
    return this.isAscii ? raw : decode(raw);
  }

  /** Element n without blanks around it. */
  trimmed(n: number): string {
    return this.#isTight(n) ? this.element(n) : this.element(n).trim();
  }

  /** Element n, packed; 0 when it was not sent. */
  codeOf(n: number): number {
    return n < this.elementCount ? packBytes(this.bytes, this.starts[n]!, this.starts[n + 1]! - 1) : 0;
  }

  trimmedCodeOf(n: number): number {
    return this.#isTight(n) ? this.codeOf(n) : packCode(this.element(n).trim());
  }

  /** In bytes. */
  lengthOf(n: number): number {
    return n < this.elementCount ? this.starts[n + 1]! - 1 - this.starts[n]! : 0;
  }

  /** Byte `within` of element n, from 0; undefined when it has none there. */
  byteOf(n: number, within: number): number | undefined {
    return within < this.lengthOf(n) ? this.bytes[this.starts[n]! + within] : undefined;
  }

  /** Element n as an amount, by the rules of `parseDollars`. */
  centsOf(n: number): Cents | undefined {
    if (n >= this.elementCount) return undefined;
    const amount = plainAmount(this.bytes, this.starts[n]!, this.starts[n + 1]! - 1);
    return amount ?? parseDollars(this.element(n));
  }

  /** Element n, blanks around it aside, as a whole number of up to six digits. */
  numberOf(n: number): number | undefined {
    if (!this.#isTight(n)) {
      const text = this.trimmed(n);
      return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
    }
    return wholeNumber(this.bytes, this.starts[n]!, this.starts[n + 1]! - 1);
  }

  /** CCYYMMDD in element n, of which it begins at byte `from` and is all that is left unless `hasMore`. */
  dayOf(n: number, from = 0, hasMore = false): PlainDate | undefined {
    const left = this.lengthOf(n) - from;
    const fits = hasMore ? left >= compactDayLength : left === compactDayLength;
    return fits ? dayIn(this.bytes, this.starts[n]! + from) : undefined;
  }

  /** Cuts element n at the component separator; how many there are, and {@link component} then gives each. */
  cutComponents(n: number): number {
    if (n >= this.elementCount) return 0;
    if (!this.isAscii) {
      this.#componentTexts = cutAt(this.delimiters.component, this.element(n));
      return this.#componentTexts.length;
    }
    const starts = this.#componentStarts;
    const end = this.starts[n + 1]! - 1;
    let count = 1;
    starts[0] = this.starts[n]!;
    for (let place = starts[0]; place < end; place += 1) {
      if (this.bytes[place] === this.#componentMark) starts[count++] = place + 1;
    }
    starts[count] = end + 1;
    return count;
  }

  components(n: number): string[] {
    const parts: string[] = [];
    const count = this.cutComponents(n);
    for (let m = 1; m <= count; m += 1) parts.push(this.component(m));
    return parts;
  }

  /** Component m, from 1, of the element that was cut last; it must be there. */
  component(m: number): string {
    if (!this.isAscii) return this.#componentTexts[m - 1]!;
    return this.text.slice(this.#componentStarts[m - 1], this.#componentStarts[m]! - 1);
  }

  /** The same, packed. */
  componentCode(m: number): number {
    if (!this.isAscii) return packCode(this.#componentTexts[m - 1]!);
    return packBytes(this.bytes, this.#componentStarts[m - 1]!, this.#componentStarts[m]! - 1);
  }

  /** The byte where element n (and component m, from 1) starts; the end of the segment when it was not sent. */
  offsetOf(element: number, component = 1): number {
    const end = this.starts[this.elementCount]! - 1;
    let place = element < this.elementCount ? this.starts[element]! : end;
    for (let missing = component - 1; missing > 0 && place < end; place += 1) {
      if (this.bytes[place] === this.#componentMark) missing -= 1;
    }
    return this.byteOffset - this.starts[0]! + place;
  }

  at(element?: number, component?: number): Location {
    const { ordinal, byteOffset: start } = this;
    const segment = unpackCode(this.code);
    if (element === undefined) return { byteOffset: start, segment, ordinal };
    const byteOffset = this.offsetOf(element, component);
    if (component === undefined) return { byteOffset, segment, ordinal, element };
    return { byteOffset, segment, ordinal, element, component };
  }

  /** Something of its own, to be kept. */
  segment(): Segment {
    const raw = this.text.slice(this.starts[0], this.starts[this.elementCount]! - 1);
    return new Segment(raw, this, this.delimiters);
  }

  /** Whether element n is sent and has no blanks around it. */
  #isTight(n: number): boolean {
    if (n >= this.elementCount) return false;
    const start = this.starts[n]!;
    const last = this.starts[n + 1]! - 2;
    return start <= last && isVisible(this.bytes[start]!) && isVisible(this.bytes[last]!);
  }
}

/** Of ASCII, and no blank. */
const isVisible = (byte: number): boolean => byte > 0x20 && byte < 0x7f;

const noDelimiters: Delimiters = { element: '*', component: ':', segment: '~' };
