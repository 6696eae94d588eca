import type { FileFailure } from './request.ts';

/** One entry of the array, as bytes where they stood. */
export type JsonItem = { readonly bytes: Buffer; readonly byteOffset: number };

/**
 * Cuts a JSON array of any length into its entries, in memory of one entry. Only brackets and strings are looked at:
 * each entry is still to be parsed.
 */
export class JsonItems {
  #offset = 0;
  #state: 'before' | 'first' | 'inside' | 'between' | 'after' = 'before';
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  #start = 0;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #failure: FileFailure | undefined;

  constructor(private readonly itemBytesMax = jsonItemBytesMax) {}

  get failure(): FileFailure | undefined {
    return this.#failure;
  }

  push(chunk: Buffer): JsonItem[] {
    const items: JsonItem[] = [];
    let from = 0;
    for (let place = 0; place < chunk.length && !this.#failure; place += 1) {
      const byte = chunk[place]!;
      if (this.#state !== 'inside') {
        this.#outside(byte, this.#offset + place);
        if ((this.#state as string) === 'inside') from = place;
      } else if (this.#endsBefore(byte)) {
        items.push(this.#item(chunk.subarray(from, place)));
        this.#state = byte === comma ? 'between' : 'after';
      }
    }
    if (this.#state === 'inside') this.#hold(chunk.subarray(from));
    this.#offset += chunk.length;
    return items;
  }

  end(): FileFailure | undefined {
    if (!this.#failure && this.#state !== 'after') {
      this.#fail('json.premature-end', this.#offset, 'The file ends before the array is closed.');
    }
    return this.#failure;
  }

  #outside(byte: number, at: number): void {
    if (isBlank(byte)) return;
    if (this.#state === 'before') {
      if (byteOrderMark[at] === byte) return;
      if (byte === openBracket) this.#state = 'first';
      else this.#fail('json.not-array', at, 'The file must be one JSON array of requests.');
    } else if (this.#state === 'after') {
      this.#fail('json.trailing-junk', at, 'Something follows the end of the array.');
    } else if (byte === closeBracket && this.#state === 'first') this.#state = 'after';
    else if (byte === comma || byte === closeBracket) {
      this.#fail('json.malformed', at, 'An entry of the array is missing between two commas.');
    } else this.#open(byte, at);
  }

  #open(byte: number, at: number): void {
    this.#state = 'inside';
    this.#start = at;
    this.#depth = isOpening(byte) ? 1 : 0;
    this.#isString = byte === quote;
    this.#isEscaped = false;
  }

  /** Whether the entry is over: a comma or the closing bracket of the array stands behind it. */
  #endsBefore(byte: number): boolean {
    if (this.#isString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === backslash) this.#isEscaped = true;
      else if (byte === quote) this.#isString = false;
      return false;
    }
    if (byte === quote) this.#isString = true;
    else if (isOpening(byte)) this.#depth += 1;
    else if (this.#depth === 0) return byte === comma || byte === closeBracket;
    else if (isClosing(byte)) this.#depth -= 1;
    return false;
  }

  #item(rest: Buffer): JsonItem {
    const bytes = Buffer.concat([...this.#held, rest]);
    this.#held = [];
    this.#heldBytes = 0;
    return { bytes, byteOffset: this.#start };
  }

  #hold(part: Buffer): void {
    this.#held.push(part);
    this.#heldBytes += part.length;
    if (this.#heldBytes <= this.itemBytesMax) return;
    this.#fail(
      'json.item-too-long',
      this.#start,
      `An entry of the array is longer than ${this.itemBytesMax} bytes.`,
    );
  }

  #fail(code: string, byteOffset: number, message: string): void {
    this.#failure ??= { code, message, byteOffset };
  }
}

/** Many times a claim of 999 lines. */
export const jsonItemBytesMax = 1_000_000;

const [openBracket, closeBracket, openBrace, closeBrace, comma, quote, backslash] = Buffer.from(
  '[]{},"\\',
) as unknown as [number, number, number, number, number, number, number];
const byteOrderMark = [0xef, 0xbb, 0xbf];
const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isOpening = (byte: number): boolean => byte === openBracket || byte === openBrace;
const isClosing = (byte: number): boolean => byte === closeBracket || byte === closeBrace;
