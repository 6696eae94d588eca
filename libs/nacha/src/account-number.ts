import { ok, refuse, type Result } from '@remitflow/kernel';

declare const kind: unique symbol;

/** A bank account as it stands in a Nacha entry: 1–17 letters, digits, hyphens and inner blanks. */
export type AccountNumber = string & { readonly [kind]: 'account-number' };

export type AccountNumberProblem = 'empty' | 'too-long' | 'wrong-character' | 'no-digit' | 'all-zeros';

export const accountLengthMax = 17;

/** Blanks around it are not part of it; leading zeros are. */
export function parseAccountNumber(text: string): Result<AccountNumber, AccountNumberProblem> {
  const account = text.trim();
  if (account === '') return refuse('empty');
  if (account.length > accountLengthMax) return refuse('too-long');
  if (!/^[0-9A-Za-z -]+$/.test(account)) return refuse('wrong-character');
  if (!/[0-9]/.test(account)) return refuse('no-digit');
  return /^[0 -]+$/.test(account) ? refuse('all-zeros') : ok(account as AccountNumber);
}
