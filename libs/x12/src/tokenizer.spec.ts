import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TokenizerOptions } from './segment-scanner.ts';
import { segments, type SegmentBatch } from './tokenizer.ts';
import { isaLength } from './delimiters.ts';
import { bytesOf, inChunks, isaOf, type Marks } from './testing/fixtures.ts';

const marks: Marks = { element: '*', component: ':', segment: '~', repetition: '^' };
const file = (body: string, end = ''): string => `${isaOf(marks)}${end}${body}IEA*1*000000007~${end}`;

describe('the tokenizer', () => {
  it('cuts the same segments wherever the chunks end', async () => {
    const bytes = bytesOf(`\ufeff${file('NM1*85*2*CLÍNICA*J~\r\n N3*A:B~', '\r\n')}`);
    const whole = await read([bytes]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), async (sizes) => {
        expect((await read(inChunks(bytes, sizes))).segments).toEqual(whole.segments);
      }),
    );
    expect((await read(inChunks(bytes, [1]))).segments).toEqual(whole.segments);
  });

  it('reads any delimiters back', async () => {
    const mark = fc.constantFrom(...'*|~^:>!@#%&_+=;,\n\r\t\u001c\u001d'.split(''));
    const text = fc.stringMatching(/^[A-Z0-9 ]{1,12}$/).map((words) => words.trim() || 'X');
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(mark, { minLength: 4, maxLength: 4 }),
        fc.array(fc.array(text, { minLength: 1, maxLength: 5 }), { maxLength: 5 }),
        async ([element, component, segment, repetition], rows) => {
          const chosen = {
            element: element!,
            component: component!,
            segment: segment!,
            repetition: repetition!,
          };
          const written = rows.map((row) => ['ZZ', ...row]);
          const body = written.map((row) => row.join(chosen.element) + chosen.segment).join('');
          const { segments: found, problems } = await read([bytesOf(isaOf(chosen) + body)]);
          expect(problems).toEqual([]);
          expect(found.slice(1).map(({ elements }) => elements)).toEqual(written);
        },
      ),
    );
  });

  it('counts bytes, not characters, and finds elements and components', async () => {
    const bytes = bytesOf(file('NM1*85*2*MÜLLER & SÖHNE*X~SV1*HC:99213:25*10~'));
    const { raw } = await read([bytes]);
    const [, nm1, sv1] = raw;
    expect(nm1!.elements[3]).toBe('MÜLLER & SÖHNE');
    expect(new TextDecoder().decode(bytes.subarray(nm1!.offsetOf(4), nm1!.offsetOf(4) + 1))).toBe('X');
    expect(new TextDecoder().decode(bytes.subarray(sv1!.offsetOf(1, 2), sv1!.offsetOf(1, 2) + 5))).toBe(
      '99213',
    );
    expect(sv1!.at(1, 3)).toEqual({
      byteOffset: sv1!.offsetOf(1, 3),
      segment: 'SV1',
      ordinal: 3,
      element: 1,
      component: 3,
    });
    for (const segment of raw) {
      const cut = bytes.subarray(segment.byteOffset, segment.byteOffset + segment.byteLength);
      expect(String.fromCharCode(...cut)).toBe(`${segment.raw}~`);
    }
  });

  it('reads text that is not UTF-8 as ISO 8859-1', async () => {
    const { raw } = await read([Uint8Array.from(file('N3*\u00dcBER~'), (c) => c.charCodeAt(0))]);
    expect(raw[1]!.elements[1]).toBe('ÜBER');
  });

  it('reads interchange after interchange, each with its own delimiters', async () => {
    const other = { element: '|', component: '^', segment: '\n', repetition: '}' };
    const text = `${file('')}\r\n${isaOf(other)}\r\nIEA|1|000000007\n\u001a`;
    const { segments: found, problems } = await read([bytesOf(text)]);
    expect(problems).toEqual([]);
    expect(found.map(({ elements }) => elements[0])).toEqual(['ISA', 'IEA', 'ISA', 'IEA']);
    expect(found.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4]);
  });

  it('has no repetition separator where ISA11 is a letter', async () => {
    const { raw } = await read([bytesOf(isaOf({ ...marks, repetition: 'U' }))]);
    expect(raw[0]!.delimiters.repetition).toBeUndefined();
    expect(raw[0]!.repeats(5)).toEqual(['ZZ']);
  });

  it('notes an empty segment and goes on', async () => {
    const { segments: found, problems } = await read([bytesOf(file('N3*A~~N4*B~'))]);
    expect(problems).toMatchObject([{ code: 'segment.empty', severity: 'warn', byteOffset: isaLength + 5 }]);
    expect(found).toHaveLength(4);
  });

  it('holds no more than one segment, whatever the file', async () => {
    const { problems } = await read([
      bytesOf(isaOf(marks)),
      ...inChunks(new Uint8Array(200_000).fill(65), [1000]),
    ]);
    expect(problems).toMatchObject([{ code: 'segment.too-long', ordinal: 2, byteOffset: isaLength }]);
  });

  it.each<[string, Uint8Array | string, object]>([
    ['nothing', '', { code: 'file.empty', byteOffset: 0 }],
    ['blanks only', ' \r\n ', { code: 'file.empty' }],
    ['UTF-16 with a mark', utf16(file(''), true), { code: 'file.utf-16' }],
    ['UTF-16 without a mark', utf16(file(''), false), { code: 'file.utf-16' }],
    ['a zip', Uint8Array.of(0x50, 0x4b, 3, 4, ...new Uint8Array(200)), { code: 'file.zip' }],
    [
      'a picture',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 0x1a, 10, ...new Uint8Array(200)),
      { code: 'file.binary' },
    ],
    ['prose', 'Dear biller, '.repeat(30), { code: 'file.not-x12' }],
    ['JSON', '[{"claimId":"1"}]', { code: 'file.not-x12' }],
    ['no ISA', 'GS*HC*A*B~', { code: 'file.not-x12' }],
    [
      '105 characters',
      isaOf(marks).replace('SENDER ', 'SENDER'),
      { code: 'interchange.header-width', element: 6 },
    ],
    ['half an ISA', isaOf(marks).slice(0, 60), { code: 'interchange.header-width' }],
    [
      'equal delimiters',
      isaOf({ ...marks, component: '*' }),
      { code: 'interchange.header-width', element: 16 },
    ],
    ['equal component and end', isaOf({ ...marks, component: '~' }), { code: 'interchange.delimiters' }],
    ['trailing junk', `${file('')}junk`, { code: 'file.trailing-junk', byteOffset: file('').length }],
    ['a zero byte', file('N3*A\0B~'), { code: 'file.binary', byteOffset: isaLength + 4 }],
    [
      'a long element',
      file(`N3*${'A'.repeat(5000)}~`),
      { code: 'element.too-long', element: 1, segment: 'N3' },
    ],
  ])('refuses %s with one located problem', async (_, content, expected) => {
    const bytes = typeof content === 'string' ? bytesOf(content) : content;
    for (const sizes of [[1], [7], [100_000]]) {
      const { problems, state } = await read(inChunks(bytes, sizes));
      expect(problems).toMatchObject([{ severity: 'reject-file', ...expected }]);
      expect(problems[0]!.message).toMatch(/^[A-Z].*\.$/);
      expect(state).toBe('refused');
    }
  });
});

function utf16(text: string, hasMark: boolean): Uint8Array {
  return new Uint8Array(Buffer.from((hasMark ? '\ufeff' : '') + text, 'utf16le'));
}

async function read(chunks: readonly Uint8Array[], options?: TokenizerOptions) {
  const batches: SegmentBatch[] = [];
  const source = (async function* () {
    yield* chunks;
  })();
  for await (const batch of segments(source, options)) batches.push(batch);
  const raw = batches.flatMap((batch) => batch.segments);
  return {
    raw,
    segments: raw.map(({ elements, ordinal, byteOffset, byteLength }) => ({
      elements,
      ordinal,
      byteOffset,
      byteLength,
    })),
    problems: batches.flatMap((batch) => batch.problems),
    state: batches.at(-1)?.state,
  };
}
