import type { MonthlyTable } from '@remitflow/messaging';
import { filingLimitYears } from '../domain/rules/date-rules.ts';

type Kept = { readonly billHistoryMonths: number; readonly inboxMonths: number };

/**
 * A bill is never forgotten while its claim would still be taken, however long the message with the claim may have
 * waited. Decisions are kept for ever: only they tell that a request was decided.
 */
export const monthlyTables = ({ billHistoryMonths, inboxMonths }: Kept): readonly MonthlyTable[] => [
  {
    table: 'bill_history',
    keptMonths: Math.max(billHistoryMonths, monthsPerYear * filingLimitYears + inboxMonths + 1),
    behindMonths: 36,
  },
  { table: 'decisions', keptMonths: null, behindMonths: 1 },
];

const monthsPerYear = 12;
