import type { MonthlyTable } from '@remitflow/messaging';
import type { ValidationConfig } from './config.ts';
import { filingLimitYears } from './domain/rules/date-rules.ts';

/**
 * A bill is never forgotten while its claim would still be taken, however long the message with the claim may have
 * waited. Decisions are kept for ever: only they tell that a request was decided.
 */
export const monthlyTables = ({
  billHistoryMonths,
  inboxMonths,
}: ValidationConfig): readonly MonthlyTable[] => [
  {
    table: 'bill_history',
    keptMonths: Math.max(billHistoryMonths, monthsPerYear * filingLimitYears + inboxMonths + 1),
    behindMonths: 36,
  },
  { table: 'decisions', keptMonths: null, behindMonths: 1 },
];

const monthsPerYear = 12;
