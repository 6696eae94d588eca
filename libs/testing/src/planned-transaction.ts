import type { Database, Transaction } from '@remitflow/persistence';

type PlanNode = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
};

/** A statement would read a large table from end to end, which may take for ever: it is not run. */
export class ReadsWholeTable extends Error {}

/** A transaction that asks PostgreSQL how it goes about each statement before it runs it. */
export class PlannedTransaction implements Transaction {
  readonly entities: Transaction['entities'];

  constructor(
    private readonly tx: Transaction,
    private readonly largeTables: readonly string[],
  ) {
    this.entities = tx.entities;
  }

  async query<R extends object>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    await this.#plan(sql, parameters);
    return this.tx.query<R>(sql, parameters);
  }

  async execute(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    await this.#plan(sql, parameters);
    return this.tx.execute(sql, parameters);
  }

  async #plan(sql: string, parameters: readonly unknown[]): Promise<void> {
    const statement = sql.replace(/^declare .* cursor for/, '').trim();
    if (!/^(select|insert|update|delete|with)\b/.test(statement)) return;
    const [row] = await this.tx.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
      `explain (format json) ${statement}`,
      parameters,
    );
    for (const node of nodesOf(row!['QUERY PLAN'][0]!.Plan)) {
      const table = node['Relation Name'];
      if (node['Node Type'] === 'Seq Scan' && table && this.largeTables.includes(table))
        throw new ReadsWholeTable(`${table}: ${statement}`);
    }
  }
}

export type PlannedWork = {
  readonly largeTables: readonly string[];
  readonly act: (tx: PlannedTransaction) => Promise<void>;
  /** A statement before it, such as one that drops an index. */
  readonly change?: string | undefined;
};

class Undone extends Error {}

/**
 * Lets work happen once, after a change, and nothing of it stay. Gives which statement would have read a large table
 * from end to end; empty when none would.
 */
export function wholeTableReadBy(
  database: Pick<Database, 'transaction'>,
  { largeTables, act, change }: PlannedWork,
): Promise<string> {
  return database
    .transaction(async (tx): Promise<string> => {
      if (change) await tx.execute(change);
      await act(new PlannedTransaction(tx, largeTables));
      throw new Undone();
    })
    .catch((error: unknown) => {
      if (error instanceof Undone) return '';
      if (error instanceof ReadsWholeTable) return error.message;
      throw error;
    });
}

function* nodesOf(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const below of node.Plans ?? []) yield* nodesOf(below);
}
