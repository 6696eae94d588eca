import type { Transaction } from '@remitflow/persistence';

/** What a store needs: a transaction, or for reading alone a database. */
export type Statements = Pick<Transaction, 'query' | 'execute'>;
