import { describe, expect, it } from '@jest/globals';
import { figure, markdownTable, textTable } from './text-table.ts';

describe('a table of figures', () => {
  const head = ['what', 'claims/s'];
  const rows = [
    ['ours', 4_321.6],
    ['the naive peer', 98.25],
  ] as const;

  it('stands in columns, numbers to the right', () => {
    expect(textTable(head, rows).split('\n')).toEqual([
      'what            claims/s',
      '--------------  --------',
      'ours               4,322',
      'the naive peer     98.25',
    ]);
  });

  it('is Markdown too', () => {
    expect(markdownTable(head, rows)).toContain('| ours | 4,322 |');
    expect(markdownTable(head, rows)).toContain('| --- | ---: |');
  });

  it('shows no more figures than mean something', () => {
    expect([0.01234, 1.001, 123.456, 1_234_567, 3, Number.NaN].map(figure)).toEqual([
      '0.012',
      '1.00',
      '123.5',
      '1,234,567',
      '3',
      '–',
    ]);
  });
});
