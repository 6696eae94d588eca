import { expect, it } from '@jest/globals';
import { formatOf } from './declared-format.ts';

it.each([
  ['x12', undefined, 'x12'],
  ['csv', 'text/csv; charset=utf-8', 'csv'],
  ['json', 'application/octet-stream', 'json'],
  ['csv', 'Application/X12', 'submission.type-mismatch'],
  ['x12', 'image/png', 'submission.media-type'],
  ['zip', 'application/octet-stream', 'submission.zip'],
  ['utf-16', 'text/csv', 'submission.utf-16'],
  ['empty', 'image/png', 'submission.empty'],
] as const)('a file that looks like %s and is declared %s is %s', (sniffed, declared, outcome) => {
  const format = formatOf(sniffed, declared);
  expect(format.ok ? format.value : format.problem.code).toBe(outcome);
});
