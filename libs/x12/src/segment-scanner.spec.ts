import { describe, expect, it } from '@jest/globals';
import { parseCompactDate, parseDollars } from '@remitflow/kernel';
import fc from 'fast-check';
import { isaLength } from './delimiters.ts';
import { placesOf, readClaims } from './index.ts';
import { packCode, unpackCode } from './segment-code.ts';
import type { SegmentCursor } from './segment-cursor.ts';
import { SegmentScanner } from './segment-scanner.ts';
import { claimFile } from './testing/claim-files.ts';
import { all, inChunks, isaOf, sourceOf } from './testing/fixtures.ts';

const isa = isaOf({ element: '*', component: ':', segment: '~', repetition: '^' });
const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 });

describe('the scanner', () => {
  it('finds the segments, elements and bytes that a plain split finds, wherever the pieces end', () => {
    fc.assert(
      fc.property(body, sizes, (text, pieces) => {
        const bytes = Buffer.from(isa + text, 'latin1');
        expect(scanned(inChunks(bytes, pieces), seen)).toEqual(split(text));
      }),
      { numRuns: 500 },
    );
  });

  it('reads amounts, days, numbers and codes as the slow ways do', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), sizes, (values, pieces) => {
        const bytes = Buffer.from(`${isa}ZZ*${values.join('*')}~`, 'latin1');
        const [, found] = scanned(inChunks(bytes, pieces), (cursor) =>
          values.map((_, index) => readings(cursor, index + 1)),
        );
        expect(found).toEqual(values.map(expectedOf));
      }),
      { numRuns: 500 },
    );
  });
});

describe('claims', () => {
  it('are the same, with their places, wherever the pieces end', async () => {
    const bytes = claimFile();
    const read = async (chunks: readonly Uint8Array[]): Promise<unknown> => {
      const events = await all(readClaims(sourceOf(...chunks)));
      return events.map((event) =>
        event.kind === 'claim' ? { ...event, places: placesOf(event.claim) } : event,
      );
    };
    const whole = await read([bytes]);
    await fc.assert(
      fc.asyncProperty(sizes, async (pieces) => expect(await read(inChunks(bytes, pieces))).toEqual(whole)),
    );
  });
});

/** Text of one character a byte, with everything that can cut it and everything that can be taken for a blank. */
const body = fc
  .array(
    fc.oneof(
      { arbitrary: fc.constantFrom('*', ':', '~', '^', ' ', '\r', '\n', '~\r\n'), weight: 3 },
      { arbitrary: fc.constantFrom('NM1', 'N3', 'DÖE', 'Ã¶', '\u00e9', '\u0085', '\u001a'), weight: 2 },
      { arbitrary: fc.stringMatching(/^[A-Z0-9.-]{0,20}$/), weight: 4 },
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''))
  .filter((text) => !/(^|~)\s*(ISA|IEA)/.test(text));

const value = fc.oneof(
  fc.stringMatching(/^-?\d{0,15}(\.\d{0,3})?0{0,2}$/),
  fc.stringMatching(/^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/),
  fc.stringMatching(/^ {0,2}[A-Z0-9.]{0,9} {0,2}$/),
  fc.constantFrom('', '.', '-', '5.', '.5', '1é', 'é', '\u00a0A', '0000000000001', '99999999999999'),
);

const readings = (cursor: SegmentCursor, n: number): object => ({
  cents: cursor.centsOf(n),
  day: cursor.dayOf(n),
  number: cursor.numberOf(n),
  trimmed: cursor.trimmed(n),
  code: cursor.codeOf(n),
  trimmedCode: unpackCode(cursor.trimmedCodeOf(n)),
});

const expectedOf = (text: string): object => ({
  cents: parseDollars(text),
  day: parseCompactDate(text),
  number: /^\d{1,6}$/.test(text.trim()) ? Number(text) : undefined,
  trimmed: text.trim(),
  code: packCode(text),
  trimmedCode: text.trim().slice(0, 3),
});

type Seen = {
  readonly elements: readonly string[];
  readonly offsets: readonly (readonly number[])[];
  readonly components: readonly (readonly string[])[];
  readonly place: readonly number[];
};

function scanned<T>(chunks: readonly Uint8Array[], take: (cursor: SegmentCursor) => T): T[] {
  const scanner = new SegmentScanner();
  const found: T[] = [];
  for (const chunk of chunks) {
    scanner.push(chunk);
    while (scanner.next()) found.push(take(scanner.cursor));
  }
  scanner.end();
  while (scanner.next()) found.push(take(scanner.cursor));
  return found;
}

/** By the cursor; what is kept of it says the same. */
function seen(cursor: SegmentCursor): Seen {
  const segment = cursor.segment();
  const numbers = Array.from({ length: cursor.elementCount }, (_, n) => n);
  const elements = numbers.map((n) => cursor.element(n));
  const components = numbers.map((n) => cursor.components(n));
  const offsets = numbers.map((n) => components[n]!.map((_, m) => cursor.offsetOf(n, m + 1)));
  expect(segment.elements).toEqual(elements);
  expect(numbers.map((n) => segment.components(n))).toEqual(components);
  expect(numbers.map((n) => components[n]!.map((_, m) => segment.offsetOf(n, m + 1)))).toEqual(offsets);
  expect(cursor.at(1, 1)).toEqual(segment.at(1, 1));
  return { elements, offsets, components, place: [cursor.ordinal, cursor.byteOffset, cursor.byteLength] };
}

/** The obvious way: cut at every terminator, leave the blanks before a segment, cut at every separator. */
function split(text: string): Seen[] {
  const found = [segmentSeen(isa.slice(0, -1), { ordinal: 1, start: 0, hasEnd: true })];
  let start = isaLength;
  const pieces = text.split('~');
  pieces.forEach((piece, index) => {
    const raw = piece.replace(/^[ \t-\r]+/, '');
    const hasEnd = index < pieces.length - 1;
    const at = { ordinal: found.length + 1, start: start + piece.length - raw.length, hasEnd };
    if (raw !== '') found.push(segmentSeen(raw, at));
    start += piece.length + 1;
  });
  return found;
}

function segmentSeen(
  raw: string,
  { ordinal, start, hasEnd }: { ordinal: number; start: number; hasEnd: boolean },
): Seen {
  const cut = raw.split('*');
  let offset = start;
  const offsets = cut.map((element) => {
    const inner = element
      .split(':')
      .map((_, m, parts) => offset + parts.slice(0, m).join(':').length + (m ? 1 : 0));
    offset += element.length + 1;
    return inner;
  });
  return {
    elements: cut.map(asUtf8),
    offsets,
    components: cut.map((element) => asUtf8(element).split(':')),
    place: [ordinal, start, raw.length + (hasEnd ? 1 : 0)],
  };
}

function asUtf8(raw: string): string {
  const text = Buffer.from(raw, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? raw : text;
}
