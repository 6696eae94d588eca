import { describe, expect, it } from '@jest/globals';
import { monthlyTables } from './monthly-tables.ts';

const keptOf = (config: Parameters<typeof monthlyTables>[0]) =>
  monthlyTables(config).map(({ table, keptMonths }) => [table, keptMonths]);

describe('how long is kept', () => {
  it('what the configuration says of bills; decisions for ever', () => {
    expect(keptOf({ billHistoryMonths: 120, inboxMonths: 13 })).toEqual([
      ['bill_history', 120],
      ['decisions', null],
    ]);
  });

  it('never less than until no claim of such a bill would be taken any more', () => {
    expect(keptOf({ billHistoryMonths: 12, inboxMonths: 13 })[0]).toEqual(['bill_history', 8 * 12 + 14]);
    expect(keptOf({ billHistoryMonths: 120, inboxMonths: 60 })[0]).toEqual(['bill_history', 8 * 12 + 61]);
  });
});
