import { describe, expect, it } from '@jest/globals';
import { csvCell } from './report-csv.ts';
import { headText, rejectionText } from './report-text.ts';
import { rejectionLines, reportHead } from './report.ts';
import type { Submission } from './submission.ts';
import type { StatusCount } from './status.ts';

describe('the File Summary Report', () => {
  const counts: StatusCount[] = [
    { status: 'paid', requests: 2, billedCents: 1_000_00, paidCents: 800_00 },
    { status: 'scheduled', requests: 1, billedCents: 100_00, paidCents: 80_00 },
    { status: 'explained', requests: 1, billedCents: 10_00, paidCents: 0 },
    { status: 'rejected', requests: 1, billedCents: 5_00, paidCents: 0 },
  ];
  const submission: Submission = {
    submissionId: 's',
    door: 'file',
    format: 'x12',
    fileName: 'a.837',
    bytes: 900,
    sha256: 'x',
    path: 'p',
    status: 'parsed',
    checked: true,
    bytesRead: 900,
    parts: 1,
    positions: 5,
    receivedAt: new Date(0),
  };

  it('adds up: what was received is what was decided', () => {
    const head = reportHead(submission, counts);
    expect(head).toMatchObject({
      counts: { received: 5, approved: 3, held: 0, rejected: 1, denied: 1 },
      cents: { received: 1_115_00, approved: 1_100_00, rejected: 5_00, denied: 10_00 },
      paidCents: 880_00,
      done: true,
    });
    expect(headText(head)).toContain('  approved          3         $1,100.00');
  });

  it('says of a rejection what a biller needs, at its place', () => {
    const rejected = {
      ...{
        requestId: 'r',
        position: 1,
        claimId: 'C1',
        kind: '837P',
        billedCents: 5_00,
        byteOffset: 400,
        ordinal: 12,
      },
      places: { 'billingProvider.npi': ['2010AA', 'NM1', 5, 9, 0, 321] },
      findings: [
        {
          ruleId: 'npi.check-digit',
          ruleVersion: '1',
          field: 'billingProvider.npi',
          message: 'The NPI is wrong.',
        },
        { ruleId: 'bill.duplicate', ruleVersion: '1', message: 'Billed before.', duplicateOf: 'q' },
      ],
    };
    const [npi, duplicate] = rejectionLines(rejected);
    expect(npi).toMatchObject({
      loop: '2010AA',
      segment: 'NM1',
      element: 9,
      segmentOrdinal: 5,
      byteOffset: 321,
    });
    expect(rejectionText(npi!)).toBe(
      '  C1  The NPI is wrong.\n      at loop 2010AA, NM109, segment 5, byte 321; rule npi.check-digit version 1\n',
    );
    expect(duplicate).toMatchObject({
      segment: 'CLM',
      segmentOrdinal: 12,
      byteOffset: 400,
      duplicateOf: 'q',
    });
  });
});

it.each([
  ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
  ['-1+2', "'-1+2"],
  ['@SUM', "'@SUM"],
  ['a,b', '"a,b"'],
  ['plain', 'plain'],
])('a CSV cell never becomes a formula: %s', (text, cell) => {
  expect(csvCell(text)).toBe(cell);
});
