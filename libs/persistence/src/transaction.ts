import type { EntityManager } from 'typeorm';

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

/** TypeORM's `query` gives rows for a select and [rows, count] for the rest; a structured result gives both. */
export function openTransaction(entities: EntityManager): Transaction {
  const runner = entities.queryRunner;
  if (!runner) throw new Error('a transaction needs a query runner');
  return {
    entities,
    async query<R extends object>(sql: string, parameters: readonly unknown[] = []) {
      return (await runner.query(sql, parameters as unknown[], true)).records as R[];
    },
    async execute(sql, parameters = []) {
      return (await runner.query(sql, parameters as unknown[], true)).affected ?? 0;
    },
  };
}
