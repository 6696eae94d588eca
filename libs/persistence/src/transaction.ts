import type { EntityManager, QueryRunner } from 'typeorm';
import { runPrepared } from './prepared.ts';

export type Row = Record<string, unknown>;

/** One database transaction: the only door through which stores reach their tables. */
export type Transaction = {
  /** Runs one statement and gives its rows (also those of `returning`). */
  query<R extends object = Row>(sql: string, parameters?: readonly unknown[]): Promise<R[]>;
  /** Like query, for statements of which only the number of rows touched matters. */
  execute(sql: string, parameters?: readonly unknown[]): Promise<number>;
  /** TypeORM's view of the same transaction, for ordinary reads and writes of entities. */
  readonly entities: EntityManager;
};

/** What stores reach their tables through, on the runner's connection and in the transaction that it is in. */
export function openTransaction(runner: QueryRunner): Transaction {
  return {
    entities: runner.manager,
    async query<R extends object>(sql: string, parameters: readonly unknown[] = []) {
      return (await runPrepared(runner, sql, parameters)).rows as R[];
    },
    async execute(sql, parameters = []) {
      return (await runPrepared(runner, sql, parameters)).rowCount ?? 0;
    },
  };
}
