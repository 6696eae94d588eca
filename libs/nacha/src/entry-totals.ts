import type { AchEntry } from './ach-entry.ts';
import type { Totals } from './totals.ts';
import { parseTransactionCode } from './transaction-code.ts';

/** What one record 6 adds to the totals of its batch and file. */
export function entryTotals({ routing, amountCents, transactionCode }: Omit<AchEntry, 'addenda'>): Totals {
  const amount = Number.isNaN(amountCents) ? 0 : amountCents;
  const bank = Number(routing.slice(0, 8));
  const isCredit = (parseTransactionCode(transactionCode)?.side ?? sideOf(transactionCode)) === 'credit';
  return {
    entryAndAddendaCount: 1,
    entryHash: Number.isInteger(bank) ? bank : 0,
    debitsCents: isCredit ? 0 : amount,
    creditsCents: isCredit ? amount : 0,
  };
}

/** Unknown codes too are credits up to 4 and debits from 5. */
const sideOf = (code: string): 'credit' | 'debit' => (Number(code[1]) <= 4 ? 'credit' : 'debit');
