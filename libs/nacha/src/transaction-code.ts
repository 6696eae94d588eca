import { BrokenInvariant } from '@remitflow/kernel';

export type AccountType = 'checking' | 'savings';
export type LedgerType = AccountType | 'general-ledger' | 'loan';
export type Side = 'credit' | 'debit';

/** What an entry does: move money, test an account (prenote), carry words only (zero), or come back (return, also notices). */
export type EntryKind =
  | 'credit'
  | 'credit-prenote'
  | 'credit-zero'
  | 'credit-return'
  | 'debit'
  | 'debit-prenote'
  | 'debit-zero'
  | 'debit-return';

export type TransactionCode = {
  readonly code: string;
  readonly account: LedgerType;
  readonly kind: EntryKind;
  readonly side: Side;
};

/** The two digits of record 6, columns 2–3; throws `nacha.no-such-transaction-code` (a loan has no debit prenote). */
export function transactionCode(wanted: { readonly account: LedgerType; readonly kind: EntryKind }): string {
  const found = [...codes.values()].find(
    ({ account, kind }) => account === wanted.account && kind === wanted.kind,
  );
  if (found === undefined) throw new BrokenInvariant('nacha.no-such-transaction-code', wanted);
  return found.code;
}

/** What two digits mean; undefined when the rulebook gives them no meaning. */
export const parseTransactionCode = (code: string): TransactionCode | undefined => codes.get(code);

const firstDigits: readonly (readonly [string, LedgerType])[] = [
  ['2', 'checking'],
  ['3', 'savings'],
  ['4', 'general-ledger'],
  ['5', 'loan'],
];

const secondDigits: readonly (readonly [string, EntryKind])[] = [
  ['1', 'credit-return'],
  ['2', 'credit'],
  ['3', 'credit-prenote'],
  ['4', 'credit-zero'],
  ['6', 'debit-return'],
  ['7', 'debit'],
  ['8', 'debit-prenote'],
  ['9', 'debit-zero'],
];

/** A loan takes debits only to reverse credits: 55, and 56 when that comes back. */
const loanDebits: readonly (readonly [string, EntryKind])[] = [
  ['5', 'debit'],
  ['6', 'debit-return'],
];

const codes: ReadonlyMap<string, TransactionCode> = new Map(
  firstDigits.flatMap(([first, account]) => {
    const credits = secondDigits.filter(([second]) => second < '5');
    const seconds = account === 'loan' ? [...credits, ...loanDebits] : secondDigits;
    return seconds.map(([second, kind]): [string, TransactionCode] => [
      first + second,
      { code: first + second, account, kind, side: kind.startsWith('credit') ? 'credit' : 'debit' },
    ]);
  }),
);
