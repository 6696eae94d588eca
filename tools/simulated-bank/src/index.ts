export { processOnce, runBank, type BankFolders, type BankOptions } from './bank.ts';
export {
  readLedger,
  type BankProblem,
  type Credit,
  type Decision,
  type Ledger,
  type NoticedCredit,
  type ReturnedCredit,
} from './ledger.ts';
export { accountFate, type AccountFate } from './test-account.ts';
