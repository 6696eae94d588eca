import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { achChecks, lenient, type AchProblem } from './ach-problem.ts';
import { aPayment, aPaymentFile } from './payment-file.builder.ts';
import { readAch, validateAch, type AchSource } from './read-ach.ts';
import { traceNumber, writePaymentFile } from './write-payment-file.ts';

const payments = [1, 2, 3].map((n) => aPayment({ traceNumber: traceNumber('121042882', n) }));
const good = [...writePaymentFile(aPaymentFile({ payments }))].join('');
const lines = good.split('\n').slice(0, -1);
const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** The good file with something else from a column (counted from 1) of a record (counted from 1). */
const withText = (record: number, column: number, text: string): string =>
  lines
    .map((line, at) =>
      at === record - 1 ? line.slice(0, column - 1) + text + line.slice(column - 1 + text.length) : line,
    )
    .join('\n');

const without = (...records: readonly number[]): string =>
  lines.filter((_, at) => !records.includes(at + 1)).join('\n');

const swapped = (a: number, b: number): string =>
  lines.map((line, at) => (at === a - 1 ? lines[b - 1] : at === b - 1 ? lines[a - 1] : line)).join('\n');

const inserted = (after: number, ...more: readonly string[]): string =>
  [...lines.slice(0, after), ...more, ...lines.slice(after)].join('\n');

const provoked = new Set<string>();

const problemsOf = async (text: string | Uint8Array): Promise<readonly AchProblem[]> => {
  const { problems } = await validateAch(typeof text === 'string' ? bytes(text) : text);
  for (const { code } of problems) provoked.add(code);
  return problems;
};

describe('the reader', () => {
  it('finds nothing wrong with a good file', async () => {
    expect(await problemsOf(good)).toEqual([]);
    expect(await validateAch(bytes(good))).toMatchObject({
      entries: 3,
      addenda: 3,
      batches: 1,
      creditsCents: 370_35,
    });
  });

  it.each<[code: string, record: number, text: string | Uint8Array]>([
    ['file-empty', 1, ''],
    ['not-text', 1, Buffer.from(good, 'utf16le')],
    ['not-text', 1, Buffer.from([0x1f, 0x8b, 8, 0, 0])],
    ['record-too-long', 3, withText(3, 94, '1  ')],
    ['record-too-short', 9, lines.map((line, at) => (at === 8 ? line.slice(0, 70) : line)).join('\n')],
    ['record-trimmed', 1, lines.map((line) => line.trimEnd()).join('\n')],
    ['blank-line', 2, inserted(2, '')],
    ['unknown-record-type', 3, withText(3, 1, '4')],
    ['record-order', 2, inserted(1, lines[0]!)],
    ['record-order', 2, swapped(2, 3)],
    ['record-order', 4, inserted(3, '9'.repeat(94))],
    ['record-order', 11, inserted(10, lines[2]!)],
    ['record-order', 3, inserted(2, lines[3]!)],
    ['missing-file-header', 1, without(1)],
    ['missing-batch-control', 9, without(9)],
    ['missing-file-control', 10, without(10)],
    ['field-format', 3, withText(3, 30, 'O')],
    ['field-format', 3, withText(3, 60, '\xe9')],
    ['file-constant', 1, withText(1, 35, '096')],
    ['immediate-destination', 1, withText(1, 13, '3')],
    ['immediate-origin', 1, withText(1, 14, '  ')],
    ['creation-date', 1, withText(1, 24, '261301')],
    ['creation-time', 1, withText(1, 30, '2401')],
    ['file-id-modifier', 1, withText(1, 34, 'a')],
    ['service-class', 2, withText(2, 2, '210')],
    ['company-name', 2, withText(2, 5, ' '.repeat(16))],
    ['company-id', 2, withText(2, 41, ' '.repeat(10))],
    ['sec-code', 2, withText(2, 51, 'CCX')],
    ['adv-not-read', 2, withText(2, 51, 'ADV')],
    ['entry-description', 2, withText(2, 54, ' '.repeat(10))],
    ['effective-date', 2, withText(2, 70, '260230')],
    ['effective-date-missing', 2, withText(2, 70, '      ')],
    ['originator-status', 2, withText(2, 79, '7')],
    ['batch-number-not-ascending', 10, inserted(9, ...lines.slice(1, 9))],
    ['empty-batch', 3, without(3, 4, 5, 6, 7, 8)],
    ['transaction-code', 3, withText(3, 2, '25')],
    ['service-class-mismatch', 3, withText(3, 2, '27')],
    ['receiving-bank', 5, withText(5, 12, '2')],
    ['account-number', 5, withText(5, 13, ' '.repeat(17))],
    ['amount-zero', 7, withText(7, 30, '0'.repeat(10))],
    ['amount-not-zero', 7, withText(7, 2, '23')],
    ['receiver-name', 7, withText(7, 55, ' '.repeat(22))],
    ['addenda-indicator', 7, withText(7, 79, '0')],
    ['addenda-indicator', 7, without(8)],
    ['addenda-count', 7, inserted(8, lines[7]!.replace('00010000003', '00020000003'))],
    ['addenda-sequence', 8, withText(8, 84, '0002')],
    ['addenda-entry', 8, withText(8, 88, '0000002')],
    ['addenda-type', 8, withText(8, 2, '77')],
    ['return-code', 8, withText(8, 2, `99R49${'1'.repeat(15)}`)],
    ['change-code', 8, withText(8, 2, `98C99${'1'.repeat(15)}`)],
    ['trace-bank', 5, withText(5, 80, '99999999')],
    ['trace-not-ascending', 7, withText(7, 88, '0000000')],
    ['duplicate-trace', 7, withText(7, 88, '0000001')],
    ['batch-header-mismatch', 9, withText(9, 88, '0000002')],
    ['batch-entry-count', 9, withText(9, 5, '000007')],
    ['batch-entry-hash', 9, withText(9, 11, '1')],
    ['batch-debits', 9, withText(9, 21, '1')],
    ['batch-credits', 9, withText(9, 33, '1')],
    ['file-batch-count', 10, withText(10, 2, '000002')],
    ['file-block-count', 10, withText(10, 8, '000002')],
    ['file-entry-count', 10, withText(10, 14, '00000007')],
    ['file-entry-hash', 10, withText(10, 22, '1')],
    ['file-debits', 10, withText(10, 32, '1')],
    ['file-credits', 10, withText(10, 44, '1')],
    ['file-not-blocked', 11, inserted(9, lines[1]!, lines[8]!).replaceAll(/\n9{94}/g, '')],
  ])('finds %s at record %i', async (code, record, text) => {
    const problems = await problemsOf(text);
    const [usual] = achChecks[code as keyof typeof achChecks];
    const found = problems.find((problem) => problem.code === code);
    expect(found).toMatchObject({ severity: usual, ...(code === 'file-not-blocked' ? {} : { record }) });
  });

  it('has seen every check fail', () => {
    expect([...provoked].sort()).toEqual(Object.keys(achChecks).sort());
  });

  it('says where: record, line, byte, field and columns', async () => {
    const [problem] = await problemsOf(withText(5, 12, '2'));
    expect(problem).toEqual({
      code: 'receiving-bank',
      severity: 'error',
      message: 'The routing number of the receiving bank is not valid.',
      record: 5,
      line: 5,
      byteOffset: 4 * 95,
      field: 'receivingBank',
      columns: [4, 11],
    });
  });

  it('says by how much', async () => {
    const [problem] = await problemsOf(withText(9, 5, '000007'));
    expect(problem!.message).toContain('It says 7, there is 6.');
  });

  it('tells no account number and no name', async () => {
    for (let column = 1; column <= 94; column += 1) {
      for (const { message } of await problemsOf(withText(3, column, '?'))) {
        expect(message).not.toMatch(/1234567|ROE/);
      }
    }
  });

  it('lets the caller choose what is bad', async () => {
    const headless = bytes(without(1, 11));
    expect((await validateAch(headless)).valid).toBe(false);
    expect(
      (await validateAch(headless, { severities: { ...lenient, 'file-block-count': 'off' } })).valid,
    ).toBe(true);
  });

  it('keeps a limited number of problems and counts the rest', async () => {
    const junk = bytes('4'.repeat(94).concat('\n').repeat(500));
    const { problems, problemsLeftOut } = await validateAch(junk, { problemsMax: 10 });
    expect(problems).toHaveLength(10);
    expect(problemsLeftOut).toBe(500 - 10 + 2);
  });
});

const events = async (source: AchSource): Promise<unknown[]> => {
  const all: unknown[] = [];
  for await (const { kind, ...rest } of readAch(source)) all.push(kind, kind === 'entry' ? rest : null);
  return all;
};

const entriesIn = async (text: string): Promise<unknown[]> => {
  const all: unknown[] = [];
  for await (const event of readAch(bytes(text))) if (event.kind === 'entry') all.push(event.entry.record);
  return all;
};

describe('bytes of any cut', () => {
  it.each([
    ['CRLF', good.replaceAll('\n', '\r\n')],
    ['CR', good.replaceAll('\n', '\r')],
    ['no line breaks', good.replaceAll('\n', '')],
    ['no line breaks and one at the end', good.replaceAll('\n', '') + '\n'],
    ['no line end at the end', good.trimEnd()],
    ['a byte order mark', '\xef\xbb\xbf' + good],
    ['an end-of-file mark of old', good + '\x1a'],
  ])('read the same with %s', async (_, text) => {
    expect(await entriesIn(text)).toEqual(await entriesIn(good));
    expect((await validateAch(bytes(text))).valid).toBe(true);
  });

  it('read the same in chunks of any size', async () => {
    const whole = await events(bytes(good));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), async (sizes) => {
        const chunks = async function* () {
          for (let from = 0, turn = 0; from < good.length; turn += 1) {
            const size = sizes[turn % sizes.length]!;
            yield bytes(good.slice(from, from + size));
            from += size;
          }
        };
        expect(await events(chunks())).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('never throw, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (junk) => {
        expect((await validateAch(junk)).valid).toBe(false);
      }),
    );
  });

  it('never throw when a good file is damaged, and are never taken for good when a digit of money changes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), async (at, byte) => {
        const damaged = bytes(good);
        damaged[at] = byte;
        const summary = await validateAch(damaged);
        const column = (at % 95) + 1;
        const isAmount = good[Math.floor(at / 95) * 95] === '6' && column >= 30 && column <= 39;
        if (isAmount && byte !== good.charCodeAt(at)) expect(summary.valid).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('of a line without end cost no memory and one problem', async () => {
    const endless = async function* () {
      yield bytes(`${lines[0]}\n`);
      for (let chunk = 0; chunk < 200; chunk += 1) yield bytes('6'.repeat(65_536));
      yield bytes(`\n${lines.slice(1).join('\n')}`);
    };
    const { problems, entries } = await validateAch(endless());
    expect(problems.filter(({ code }) => code === 'record-too-long')).toHaveLength(1);
    expect(entries).toBe(4);
    expect(problems.find(({ code }) => code === 'batch-entry-count')).toBeUndefined();
  });
});
