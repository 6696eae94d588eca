import { isaLength, readDelimiters, type Delimiters } from './delimiters.ts';
import { problem, type Location, type Severities, type X12Code, type X12Problem } from './problem.ts';
import { Segment } from './segment.ts';
import { sniff } from './sniff.ts';

export type Limits = {
  readonly segmentBytesMax: number;
  readonly elementBytesMax: number;
};

export const limits: Limits = { segmentBytesMax: 16 * 1024, elementBytesMax: 4 * 1024 };

export type TokenizerOptions = { readonly limits?: Partial<Limits>; readonly severities?: Severities };

/**
 * What one piece of the source held. `state` is `end` once the source has ended and `refused` once nothing more
 * can be read, which the last problem explains.
 */
export type SegmentBatch = {
  readonly segments: readonly Segment[];
  readonly problems: readonly X12Problem[];
  readonly state: 'more' | 'end' | 'refused';
};

/**
 * Cuts any X12 file into segments, batch by batch as the bytes come, in memory of one piece and one segment.
 * Text that is not X12 ends the last batch with a located problem; nothing is thrown except by the source.
 */
export async function* segments(
  source: AsyncIterable<Uint8Array>,
  options: TokenizerOptions = {},
): AsyncGenerator<SegmentBatch> {
  const tokenizer = new Tokenizer(options);
  for await (const chunk of source) {
    for (let start = 0; start < chunk.length; start += pieceBytesMax) {
      const batch = tokenizer.push(chunk.subarray(start, start + pieceBytesMax));
      if (batch.segments.length > 0 || batch.problems.length > 0) yield batch;
      if (batch.state !== 'more') return;
    }
  }
  yield tokenizer.end();
}

type Mode = 'start' | 'inside' | 'between' | 'stopped';

/** The same, for a caller who holds the bytes: push them as they come, then end. */
export class Tokenizer {
  #mode: Mode = 'start';
  #rest = '';
  #restOffset = 0;
  #ordinal = 0;
  #delimiters: Delimiters = noDelimiters;
  #segments: Segment[] = [];
  #problems: X12Problem[] = [];
  readonly #limits: Limits;
  readonly #severities: Severities | undefined;

  constructor(options: TokenizerOptions = {}) {
    this.#limits = { ...limits, ...options.limits };
    this.#severities = options.severities;
  }

  push(piece: Uint8Array): SegmentBatch {
    const zero = this.#mode === 'start' && !this.#startsAsX12(piece) ? -1 : piece.indexOf(0);
    this.#read(latin1(zero === -1 ? piece : piece.subarray(0, zero)), false);
    if (zero !== -1 && this.#mode !== 'stopped') this.#stopAtZero();
    return this.#batch();
  }

  /** Whatever is left is the last segment, whether or not a terminator follows it. */
  end(): SegmentBatch {
    this.#read('', true);
    return this.#batch('end');
  }

  /** UTF-16 and binary files hold zero bytes too, and are told apart only with them. */
  #startsAsX12(piece: Uint8Array): boolean {
    return /^(\u00ef\u00bb\u00bf)?\s*ISA[^A-Za-z0-9\0]/.test(
      this.#rest + latin1(piece.subarray(0, isaLength)),
    );
  }

  /** No database takes a zero byte as text, so none may get past here. */
  #stopAtZero(): void {
    const byteOffset = this.#restOffset + this.#rest.length;
    this.#stop('file.binary', { byteOffset }, 'The file holds a zero byte: it is not a text file.');
  }

  #batch(state: 'more' | 'end' = 'more'): SegmentBatch {
    const batch: SegmentBatch = {
      segments: this.#segments,
      problems: this.#problems,
      state: this.#mode === 'stopped' ? 'refused' : state,
    };
    this.#segments = [];
    this.#problems = [];
    return batch;
  }

  #read(added: string, isFinal: boolean): void {
    const text = this.#rest + added;
    let place = 0;
    while (this.#mode !== 'stopped') {
      const next =
        this.#mode === 'inside' ? this.#cut(text, place, isFinal) : this.#open(text, place, isFinal);
      if (next === undefined) break;
      place = next;
    }
    const start = this.#skipBlanks(text, place);
    this.#rest = text.slice(start);
    this.#restOffset += start;
  }

  /** At the place of an ISA: learns its delimiters. Undefined when more text is needed. */
  #open(text: string, place: number, isFinal: boolean): number | undefined {
    const start = this.#skipBlanks(text, place);
    const byteOffset = this.#restOffset + start;
    if (start === text.length) return isFinal ? this.#finish(byteOffset) : undefined;
    if (text.length - start < isaLength && !isFinal) return undefined;

    const isa = text.slice(start, start + isaLength);
    if (!isaStart.test(isa)) return this.#refuse(isa, byteOffset);
    const delimiters = readDelimiters(isa, byteOffset);
    if ('code' in delimiters) {
      return this.#stop(delimiters.code, { ...delimiters, ordinal: this.#ordinal + 1 }, delimiters.message);
    }
    this.#delimiters = delimiters;
    this.#mode = 'inside';
    return this.#emit(text, start, start + isaLength - 1);
  }

  /** Cuts the segments of one interchange; the place behind the last, or undefined when more text is needed. */
  #cut(text: string, place: number, isFinal: boolean): number | undefined {
    const start = this.#skipBlanks(text, place);
    if (start === text.length) return undefined;
    if (text.charCodeAt(start) === letterI && isaStart.test(text.slice(start, start + 4))) {
      return this.#reopen(start);
    }
    const found = text.indexOf(this.#delimiters.segment, start);
    const end = found === -1 ? text.length : found;
    if (end - start > this.#limits.segmentBytesMax) return this.#stopAtLongSegment(text, start);
    return found !== -1 || isFinal ? this.#emit(text, start, end) : undefined;
  }

  /** An ISA inside an interchange: the one before was never closed, which the envelope check reports. */
  #reopen(start: number): number {
    this.#mode = 'between';
    return start;
  }

  #emit(text: string, start: number, end: number): number | undefined {
    const byteOffset = this.#restOffset + start;
    const behind = Math.min(end + 1, text.length);
    const raw = text.slice(start, end);
    if (raw === '') {
      this.#note('segment.empty', { byteOffset, ordinal: this.#ordinal + 1 }, emptyMessage);
      return behind;
    }
    this.#ordinal += 1;
    const segment = new Segment(
      this.#delimiters.segment === '\n' && raw.endsWith('\r') ? raw.slice(0, -1) : raw,
      { ordinal: this.#ordinal, byteOffset, byteLength: behind - start },
      this.#delimiters,
    );
    if (raw.length > this.#limits.elementBytesMax && !this.#hasFittingElements(segment)) return undefined;
    this.#segments.push(segment);
    if (raw.charCodeAt(0) === letterI && segment.id === 'IEA') this.#mode = 'between';
    return behind;
  }

  #hasFittingElements(segment: Segment): boolean {
    const lengths = segment.raw.split(this.#delimiters.element).map((element) => element.length);
    const long = lengths.findIndex((length) => length > this.#limits.elementBytesMax);
    if (long === -1) return true;
    const message = `Element ${long} of segment ${segment.id.slice(0, 3)} is longer than ${this.#limits.elementBytesMax} bytes.`;
    this.#stop('element.too-long', segment.at(long), message);
    return false;
  }

  #stopAtLongSegment(text: string, start: number): undefined {
    const id = text.slice(start, start + 3).replace(/[^A-Z0-9]/g, '');
    this.#stop(
      'segment.too-long',
      { byteOffset: this.#restOffset + start, segment: id, ordinal: this.#ordinal + 1 },
      `Segment ${id} is longer than ${this.#limits.segmentBytesMax} bytes: a segment terminator may be missing.`,
    );
  }

  #finish(byteOffset: number): undefined {
    if (this.#mode === 'start') this.#stop('file.empty', { byteOffset }, 'The file is empty.');
  }

  #refuse(text: string, byteOffset: number): undefined {
    if (this.#mode === 'between') {
      this.#stop(
        'file.trailing-junk',
        { byteOffset, ordinal: this.#ordinal + 1 },
        'Something other than a new ISA segment follows the end of the interchange (IEA).',
      );
      return;
    }
    const kind = sniff(Uint8Array.from(text, (character) => character.charCodeAt(0)));
    const [code, message] = refusals[kind] ?? notX12;
    this.#stop(code, { byteOffset }, message);
  }

  #skipBlanks(text: string, from: number): number {
    const isStart = this.#restOffset + from === 0;
    let place = isStart && text.startsWith(byteOrderMark) ? byteOrderMark.length : from;
    while (place < text.length && this.#isBlank(text.charCodeAt(place))) place += 1;
    return place;
  }

  /** Blanks, line breaks and, between interchanges, the end-of-file mark 0x1A; unless they cut elements. */
  #isBlank(code: number): boolean {
    if (code > 0x20) return false;
    const isInside = this.#mode === 'inside';
    if (isInside && code === this.#delimiters.element.charCodeAt(0)) return false;
    return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code === 0x1a && !isInside);
  }

  #note(code: X12Code, location: Location, message: string): void {
    this.#problems.push(problem(code, location, { message, severities: this.#severities }));
  }

  #stop(code: X12Code, location: Location, message: string): undefined {
    const { byteOffset, segment, ordinal, element } = location;
    this.#note(code, { byteOffset, segment, ordinal, element }, message);
    this.#mode = 'stopped';
  }
}

/** A source may hand over the whole file at once; the text of one piece is all that is held. */
const pieceBytesMax = 256 * 1024;

const noDelimiters: Delimiters = { element: '*', component: ':', segment: '~' };

const letterI = 0x49;
const isaStart = /^ISA[^A-Za-z0-9]/;

/** EF BB BF, one character a byte. */
const byteOrderMark = '\u00ef\u00bb\u00bf';

const emptyMessage = 'Two segment terminators stand together with nothing between them.';

const notX12 = ['file.not-x12', 'The file is not X12: it must start with an ISA segment.'] as const;

const refusals: Readonly<Partial<Record<string, readonly [X12Code, string]>>> = {
  'utf-16': [
    'file.utf-16',
    'The file is written in UTF-16: save it as plain text (ASCII or UTF-8) and send it again.',
  ],
  zip: ['file.zip', 'The file is a zip archive: unpack it and send the X12 file inside.'],
  binary: ['file.binary', 'The file holds binary content: it is not a text file.'],
  json: ['file.not-x12', 'The file looks like JSON, not X12: it must start with an ISA segment.'],
  csv: ['file.not-x12', 'The file looks like CSV, not X12: it must start with an ISA segment.'],
};

/** One character a byte: a whole piece is decoded at once, and places in the text are places in the file. */
const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
