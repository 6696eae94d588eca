import { describe, expect, it } from '@jest/globals';
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createGunzip } from 'node:zlib';
import { lenient } from './ach-problem.ts';
import { validateAch, type AchSource, type AchSummary } from './read-ach.ts';
import { readReturns, type ReturnItem } from './read-returns.ts';

const folder = join(
  process.env.REMITFLOW_SAMPLES ?? resolve(import.meta.dirname, '../../../../shared/samples'),
  'nacha',
);
const whenThere = existsSync(folder) ? describe : describe.skip;

const open = (path: string): AchSource => {
  const file = createReadStream(join(folder, path));
  return path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
};

const validFiles: readonly (readonly [string, entries: number, warnings: readonly string[]])[] = [
  ['ccd/moov-ccd-debit.ach', 2, []],
  ['ccd/moov-ccdplus-addenda05-200-batches-100000-entries.ach.gz', 100_000, ['effective-date-missing']],
  ['ctx/moov-ctx-debit.ach', 1, []],
  ['flatten/moov-flattenBatchesMultipleBatchHeaders.ach', 12, []],
  ['noc/moov-cor-example.ach', 1, []],
  ['ppd/moov-ppd-debit-fixedLength.ach', 1, ['file-not-blocked']],
  ['ppd/moov-ppd-debit.ach', 1, ['record-trimmed']],
  ['ppd/moov-ppd-mixedDebitCredit.ach', 3, []],
  ['ppd/moov-same-day-ppd-credit.ach', 1, []],
  ['returns/moov-dishonored-return.ach', 2, ['effective-date-missing']],
  ['returns/moov-issue1620-return.ach', 1, ['effective-date-missing']],
  ['returns/moov-return-WEB.ach', 2, []],
  ['web/moov-two-micro-deposits.ach', 6, []],
];

/** What is wrong: each error code with the first record it is found at. */
const faultyFiles: readonly (readonly [string, errors: Readonly<Record<string, number>>])[] = [
  [
    'malformed/moov-1e5RecordBefore1or8.ach',
    { 'receiving-bank': 2, 'addenda-indicator': 3, 'record-order': 4 },
  ],
  [
    'malformed/moov-1k8RecordFollowing9Record.ach',
    {
      'receiving-bank': 3,
      'record-too-short': 10,
      'missing-batch-control': 10,
      'file-block-count': 10,
      'record-too-long': 11,
      'record-order': 11,
    },
  ],
  [
    'malformed/moov-20110729A-invalid.ach',
    {
      'record-too-short': 1,
      'field-format': 1,
      'file-constant': 1,
      'creation-date': 1,
      'creation-time': 1,
      'sec-code': 2,
      'effective-date': 2,
      'batch-header-mismatch': 148,
      'company-name': 169,
      'addenda-count': 170,
      'file-batch-count': 293,
    },
  ],
  ['malformed/moov-2lCompanyNameAllZeros.ach', { 'company-name': 2, 'receiving-bank': 3 }],
  ['malformed/moov-long-line.ach', { 'record-too-long': 3 }],
  ['malformed/moov-no-control.ach', { 'missing-file-control': 30 }],
  ['malformed/moov-ppd-debit-invalid-entryDetail-checkDigit.ach', { 'receiving-bank': 3 }],
  ['malformed/moov-ppd-mixedDebitCredit-invalid.ach', { 'immediate-origin': 1 }],
  ['malformed/moov-short-line.ach', { 'record-too-short': 5 }],
  ['ppd/moov-20110805A.ach', { 'file-batch-count': 93 }],
  [
    'returns/moov-return-no-batch-controls.ach',
    { 'missing-file-header': 1, 'missing-batch-control': 4, 'missing-file-control': 7 },
  ],
];

const firstErrors = ({ problems }: AchSummary): Record<string, number> => {
  const first: Record<string, number> = {};
  for (const { code, severity, record } of problems) {
    if (severity === 'error') first[code] = Math.min(first[code] ?? record, record);
  }
  return first;
};

whenThere('files written by others', () => {
  it('has an expectation for every file', () => {
    const there = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.ach/.test(path),
    );
    const expected = [...validFiles, ...faultyFiles].map(([path]) => path);
    expect(there.sort()).toEqual(expected.sort());
  });

  it.each(validFiles)('takes %s', async (path, entries, warnings) => {
    const summary = await validateAch(open(path));
    expect(firstErrors(summary)).toEqual({});
    expect(summary).toMatchObject({ valid: true, entries, problemsLeftOut: 0 });
    expect([...new Set(summary.problems.map(({ code }) => code))]).toEqual(warnings);
  });

  it.each(faultyFiles)('finds what is wrong with %s', async (path, errors) => {
    const summary = await validateAch(open(path));
    expect(summary.valid).toBe(false);
    expect(firstErrors(summary)).toEqual(errors);
    for (const problem of summary.problems) expect(problem.byteOffset).toBeGreaterThanOrEqual(0);
  });

  it('sums up the large file as its makers did', async () => {
    const summary = await validateAch(open(validFiles[1]![0]));
    expect(summary).toMatchObject({
      batches: 200,
      addenda: 100_000,
      debitsCents: 1_234_000_00,
      creditsCents: 0,
    });
  });

  it('reads a return file without header and controls', async () => {
    const { items, valid } = await readReturns(open('returns/moov-return-no-batch-controls.ach'));
    expect(valid).toBe(true);
    expect(items.map(gist)).toEqual(['R01 091400600000001 12354', 'C01 121042880000001 1918171614']);
    expect(lenient['missing-file-header']).toBe('warn');
  });

  it.each([
    ['noc/moov-cor-example.ach', ['C01 121042880000001 1918171614']],
    ['returns/moov-issue1620-return.ach', ['R03 062000010000001 1']],
    ['returns/moov-return-WEB.ach', ['R01 091400600000001 12354', 'R03 091400600000003 4565']],
    ['returns/moov-dishonored-return.ach', ['R68 059999990000301 25000', 'R68 059999990000301 23000']],
  ])('reads what comes back in %s', async (path, expected) => {
    const { items } = await readReturns(open(path));
    expect(items.map(gist)).toEqual(expected);
  });
});

const gist = (item: ReturnItem): string =>
  item.kind === 'notice'
    ? `${item.changeCode} ${item.originalTrace} ${item.corrected?.account}`
    : `${item.code} ${item.originalTrace} ${item.amountCents}`;
