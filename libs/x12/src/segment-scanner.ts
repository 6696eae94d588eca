import { isaLength, readDelimiters } from './delimiters.ts';
import { latin1 } from './latin1.ts';
import { problem, type Location, type Severities, type X12Code, type X12Problem } from './problem.ts';
import { refusalOf } from './refusals.ts';
import { packBytes, segmentCodes, unpackCode } from './segment-code.ts';
import { SegmentCursor } from './segment-cursor.ts';

export type Limits = {
  readonly segmentBytesMax: number;
  readonly elementBytesMax: number;
};

export const limits: Limits = { segmentBytesMax: 16 * 1024, elementBytesMax: 4 * 1024 };

export type TokenizerOptions = { readonly limits?: Partial<Limits>; readonly severities?: Severities };

/** `end` once the source has ended, `refused` once nothing more can be read, which the last problem explains. */
export type ScanState = 'more' | 'end' | 'refused';

type Mode = 'start' | 'inside' | 'between' | 'stopped';

/**
 * Goes through any X12 file segment by segment in memory of one piece and one segment: push the bytes as they come, end
 * them, and after each call {@link SegmentScanner.next} as long as it finds one.
 */
export class SegmentScanner {
  readonly cursor: SegmentCursor;
  #mode: Mode = 'start';
  #isFinal = false;
  /** What is not yet read: the bytes from #place to before #end, of which the first stands at #origin in the file. */
  #bytes = new Uint8Array(0);
  #origin = 0;
  #place = 0;
  #end = 0;
  #zeroFollows = false;
  #elementMark = 0;
  #segmentMark = 0;
  #problems: X12Problem[] = [];
  readonly #limits: Limits;
  readonly #severities: Severities | undefined;

  constructor(options: TokenizerOptions = {}) {
    this.#limits = { ...limits, ...options.limits };
    this.#severities = options.severities;
    this.cursor = new SegmentCursor(this.#limits.segmentBytesMax);
  }

  get state(): ScanState {
    if (this.#mode === 'stopped') return 'refused';
    return this.#isFinal ? 'end' : 'more';
  }

  /** Every piece of the source in turn, and a last turn for its end: read on with {@link next} in each. */
  async *through(source: AsyncIterable<Uint8Array>): AsyncGenerator<void> {
    for await (const chunk of source) {
      for (let start = 0; start < chunk.length; start += pieceBytesMax) {
        this.push(chunk.subarray(start, start + pieceBytesMax));
        yield;
        if (this.#mode === 'stopped') return;
      }
    }
    this.end();
    yield;
  }

  /** What was pushed before must have been read with {@link next} to its end. */
  push(piece: Uint8Array): void {
    this.#keepRest(piece.length);
    const pieceStart = this.#end;
    this.#bytes.set(piece, pieceStart);
    this.#end += piece.length;
    // UTF-16 and binary files hold zero bytes too, and are told apart only with them.
    const zero = this.#mode === 'start' && !this.#startsAsX12(pieceStart) ? -1 : piece.indexOf(0);
    this.#zeroFollows = zero !== -1;
    if (zero !== -1) this.#end = pieceStart + zero;
    this.cursor.bytes = this.#bytes;
    this.cursor.text = latin1(this.#bytes.subarray(0, this.#end));
  }

  /** Whatever is left is the last segment, whether or not a terminator follows it. */
  end(): void {
    this.#isFinal = true;
  }

  /** Brings the cursor to the next segment; false when there is none in what has been pushed. */
  next(): boolean {
    while (this.#mode === 'inside') {
      const start = this.#skipBlanks();
      if (start === this.#end) return this.#atEnd();
      if (this.#bytes[start] === letterI && this.#isIsa(start)) {
        // An ISA inside an interchange: the one before was never closed, which the envelope check reports.
        this.#mode = 'between';
        break;
      }
      const end = this.#scan(start, this.#end, this.#segmentMark);
      if (end - start > this.#limits.segmentBytesMax) return this.#stopAtLongSegment(start);
      if (end === this.#end && !this.#isFinal) return this.#atEnd();
      if (end > start) return this.#settle(start, end);
      this.#place = end + 1;
      this.#note(
        'segment.empty',
        { byteOffset: this.#origin + start, ordinal: this.cursor.ordinal + 1 },
        emptyMessage,
      );
    }
    return this.#mode === 'stopped' ? false : this.#open();
  }

  /** The problems found since they were last taken. */
  takeProblems(): readonly X12Problem[] {
    if (this.#problems.length === 0) return none;
    const taken = this.#problems;
    this.#problems = [];
    return taken;
  }

  /** Notes where the elements start that the segment has; the place of its terminator, or of the end of the piece. */
  #scan(start: number, pieceEnd: number, segmentMark: number): number {
    const { starts } = this.cursor;
    const bytes = this.#bytes;
    const elementMark = this.#elementMark;
    let count = 1;
    let seen = 0;
    let place = start;
    starts[0] = start;
    for (; place < pieceEnd; place += 1) {
      const byte = bytes[place]!;
      if (byte === elementMark) starts[count++] = place + 1;
      else if (byte === segmentMark) break;
      seen |= byte;
    }
    starts[count] = place + 1;
    this.cursor.elementCount = count;
    this.cursor.isAscii = seen < 0x80;
    return place;
  }

  /** The cursor takes the segment over, unless one of its elements is too long. */
  #settle(start: number, end: number): boolean {
    const { cursor } = this;
    const { starts } = cursor;
    if (this.#segmentMark === lineFeed && this.#bytes[end - 1] === carriageReturn) {
      if (this.#elementMark === carriageReturn) cursor.elementCount -= 1;
      starts[cursor.elementCount] = end;
    }
    this.#place = end < this.#end ? end + 1 : end;
    cursor.code = packBytes(this.#bytes, start, starts[1]! - 1);
    cursor.ordinal += 1;
    cursor.byteOffset = this.#origin + start;
    cursor.byteLength = this.#place - start;
    if (end - start > this.#limits.elementBytesMax && !this.#hasFittingElements()) return false;
    if (cursor.code === segmentCodes.IEA) this.#mode = 'between';
    return true;
  }

  #hasFittingElements(): boolean {
    const { cursor } = this;
    const { elementBytesMax } = this.#limits;
    for (let n = 0; n < cursor.elementCount; n += 1) {
      if (cursor.lengthOf(n) <= elementBytesMax) continue;
      const message = `Element ${n} of segment ${cursor.id.slice(0, 3)} is longer than ${elementBytesMax} bytes.`;
      this.#stop('element.too-long', cursor.at(n), message);
      return false;
    }
    return true;
  }

  /** At the place of an ISA: learns its delimiters. */
  #open(): boolean {
    const start = this.#skipBlanks();
    const byteOffset = this.#origin + start;
    if (start === this.#end && this.#isFinal && this.#mode === 'start') {
      return this.#stop('file.empty', { byteOffset }, 'The file is empty.');
    }
    if (start === this.#end || (this.#end - start < isaLength && !this.#isFinal)) return this.#atEnd();

    const isa = this.cursor.text.slice(start, Math.min(start + isaLength, this.#end));
    if (!isaStart.test(isa)) return this.#refuse(start, byteOffset);
    const delimiters = readDelimiters(isa, byteOffset);
    if ('code' in delimiters) {
      const location = { ...delimiters, ordinal: this.cursor.ordinal + 1 };
      return this.#stop(delimiters.code, location, delimiters.message);
    }
    this.cursor.use(delimiters);
    this.#elementMark = delimiters.element.charCodeAt(0);
    this.#segmentMark = delimiters.segment.charCodeAt(0);
    this.#mode = 'inside';
    const end = start + isaLength - 1;
    return this.#settle(start, this.#scan(start, end, noMark));
  }

  #refuse(start: number, byteOffset: number): boolean {
    if (this.#mode === 'between') {
      return this.#stop(
        'file.trailing-junk',
        { byteOffset, ordinal: this.cursor.ordinal + 1 },
        'Something other than a new ISA segment follows the end of the interchange (IEA).',
      );
    }
    const firstBytes = this.#bytes.subarray(start, Math.min(start + isaLength, this.#end));
    const [code, message] = refusalOf(firstBytes);
    return this.#stop(code, { byteOffset }, message);
  }

  /** No database takes a zero byte as text, so none may get past here. */
  #atEnd(): boolean {
    if (!this.#zeroFollows) return false;
    const byteOffset = this.#origin + this.#end;
    return this.#stop('file.binary', { byteOffset }, 'The file holds a zero byte: it is not a text file.');
  }

  #stopAtLongSegment(start: number): boolean {
    const id = unpackCode(packBytes(this.#bytes, start, start + 3)).replace(/[^A-Z0-9]/g, '');
    return this.#stop(
      'segment.too-long',
      { byteOffset: this.#origin + start, segment: id, ordinal: this.cursor.ordinal + 1 },
      `Segment ${id} is longer than ${this.#limits.segmentBytesMax} bytes: a segment terminator may be missing.`,
    );
  }

  #skipBlanks(): number {
    const bytes = this.#bytes;
    let place = this.#place;
    if (place === 0 && this.#origin === 0 && startsWithMark(bytes, this.#end)) place = byteOrderMark.length;
    while (place < this.#end && bytes[place]! <= blank && this.#isBlank(bytes[place]!)) place += 1;
    this.#place = place;
    return place;
  }

  /** Blanks, line breaks and, between interchanges, the end-of-file mark 0x1A; unless they cut elements. */
  #isBlank(byte: number): boolean {
    const isInside = this.#mode === 'inside';
    if (isInside && byte === this.#elementMark) return false;
    return byte === blank || (byte >= 0x09 && byte <= 0x0d) || (byte === 0x1a && !isInside);
  }

  #isIsa(start: number): boolean {
    return isaStart.test(this.cursor.text.slice(start, Math.min(start + 4, this.#end)));
  }

  #startsAsX12(pieceStart: number): boolean {
    const end = Math.min(pieceStart + isaLength, this.#end);
    return /^(\u00ef\u00bb\u00bf)?\s*ISA[^A-Za-z0-9\0]/.test(latin1(this.#bytes.subarray(this.#place, end)));
  }

  /** Moves what is not yet read to the front, and makes room for so many bytes behind it. */
  #keepRest(added: number): void {
    const rest = this.#end - this.#place;
    const old = this.#bytes;
    if (rest + added > old.length) this.#bytes = new Uint8Array(2 * (rest + added));
    this.#bytes.set(old.subarray(this.#place, this.#end));
    this.#origin += this.#place;
    this.#place = 0;
    this.#end = rest;
  }

  #note(code: X12Code, location: Location, message: string): void {
    this.#problems.push(problem(code, location, { message, severities: this.#severities }));
  }

  #stop(code: X12Code, location: Location, message: string): false {
    const { byteOffset, segment, ordinal, element } = location;
    this.#note(code, { byteOffset, segment, ordinal, element }, message);
    this.#mode = 'stopped';
    return false;
  }
}

const startsWithMark = (bytes: Uint8Array, end: number): boolean =>
  end >= byteOrderMark.length && byteOrderMark.every((byte, place) => bytes[place] === byte);

/** A source may hand over the whole file at once; the text of one piece is all that is held. */
const pieceBytesMax = 256 * 1024;

const letterI = 0x49;
const blank = 0x20;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** No byte. */
const noMark = -1;
const isaStart = /^ISA[^A-Za-z0-9]/;
const byteOrderMark = [0xef, 0xbb, 0xbf];
const emptyMessage = 'Two segment terminators stand together with nothing between them.';
const none: readonly X12Problem[] = [];
