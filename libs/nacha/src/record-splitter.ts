import type { Place } from './ach-problem.ts';
import { recordLength } from './record-layout.ts';

export type RawRecord = {
  /** Always 94 characters, one a byte: padded or cut where the file has fewer or more. */
  readonly text: string;
  readonly fit: 'exact' | 'trimmed' | 'short' | 'long' | 'blank';
  readonly place: Place;
};

/** A line without an end is cut here, so that no file makes the reader grow. */
const lineLengthMax = 4096;

/** How much must be seen to tell lines from a stream of records without line breaks. */
const sniffLength = 2 * recordLength + 2;

/** Cuts bytes into records: lines ended by LF, CRLF or CR, or 94 characters each when there are no line breaks. */
export class RecordSplitter {
  private pending = '';
  private breaks: '\n' | '\r' | 'none' | undefined;
  private skipsToBreak = false;
  private offset = 0;
  private record = 0;
  private line = 0;

  push(bytes: Uint8Array): RawRecord[] {
    this.pending += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    if (this.breaks === undefined && this.pending.length < sniffLength) return [];
    return this.cut();
  }

  /** What is left when no more bytes come. */
  end(): RawRecord[] {
    const records = this.cut();
    if (this.pending !== '' && !this.skipsToBreak) records.push(this.made(this.pending, this.pending.length));
    this.pending = '';
    return records;
  }

  /** The place just behind the last record. */
  get endPlace(): Place {
    return { record: this.record + 1, line: this.line + 1, byteOffset: this.offset };
  }

  private cut(): RawRecord[] {
    this.breaks ??= this.sniff();
    return this.breaks === 'none' ? this.cutStream() : this.cutLines(this.breaks);
  }

  private sniff(): '\n' | '\r' | 'none' {
    if (this.pending.startsWith('\xef\xbb\xbf')) this.drop(3);
    const at = this.pending.slice(0, sniffLength).search(/[\r\n]/);
    if (at < 0 && this.pending.length > recordLength) return 'none';
    return this.pending[at] === '\r' && this.pending[at + 1] !== '\n' ? '\r' : '\n';
  }

  private drop(length: number): void {
    this.pending = this.pending.slice(length);
    this.offset += length;
  }

  private cutLines(lineBreak: '\n' | '\r'): RawRecord[] {
    const records: RawRecord[] = [];
    let from = 0;
    for (let to = this.pending.indexOf(lineBreak); to >= 0; to = this.pending.indexOf(lineBreak, from)) {
      if (this.skipsToBreak) {
        this.skipsToBreak = false;
        this.offset += to + 1 - from;
      } else {
        const end = to > from && this.pending[to - 1] === '\r' ? to - 1 : to;
        records.push(this.made(this.pending.slice(from, end), to + 1 - from));
      }
      from = to + 1;
    }
    this.pending = this.pending.slice(from);
    if (this.pending.length > lineLengthMax) records.push(...this.giveUpLine());
    return records;
  }

  private giveUpLine(): RawRecord[] {
    const records = this.skipsToBreak ? [] : [this.made(this.pending.slice(0, lineLengthMax), 0)];
    this.skipsToBreak = true;
    this.drop(this.pending.length);
    return records;
  }

  private cutStream(): RawRecord[] {
    const records: RawRecord[] = [];
    let from = 0;
    for (;;) {
      while (this.pending[from] === '\r' || this.pending[from] === '\n') {
        from += 1;
        this.offset += 1;
      }
      if (from + recordLength > this.pending.length) break;
      records.push(this.made(this.pending.slice(from, from + recordLength), recordLength));
      from += recordLength;
    }
    this.pending = this.pending.slice(from);
    return records;
  }

  private made(raw: string, bytes: number): RawRecord {
    const fit = fitOf(raw);
    this.line += 1;
    if (fit !== 'blank') this.record += 1;
    const place = { record: this.record, line: this.line, byteOffset: this.offset };
    this.offset += bytes;
    return { text: fit === 'exact' ? raw : raw.slice(0, recordLength).padEnd(recordLength), fit, place };
  }
}

/** A trimmed record has lost only blanks, so it does not end in one; a short one that does has lost something else. */
function fitOf(raw: string): RawRecord['fit'] {
  if (raw.length === recordLength) return raw.trim() === '' ? 'blank' : 'exact';
  if (raw.length > recordLength) return 'long';
  if (raw.replace(/\x1a/g, '').trim() === '') return 'blank';
  return raw.endsWith(' ') ? 'short' : 'trimmed';
}
