import type { EventEmitter } from 'node:events';
import { DataSource, type EntitySchema } from 'typeorm';
import { openTransaction, type Row, type Transaction } from './transaction.ts';

export type DatabaseOptions = {
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  readonly connectionsMax?: number;
  readonly entities?: readonly EntitySchema[];
};

/** One service's PostgreSQL database, entered with the login role of that service. */
export class Database {
  readonly #source: DataSource;

  private constructor(source: DataSource) {
    this.#source = source;
  }

  static async open(options: DatabaseOptions): Promise<Database> {
    const source = new DataSource({
      type: 'postgres',
      url: options.url,
      applicationName: options.applicationName,
      poolSize: options.connectionsMax ?? 8,
      entities: [...(options.entities ?? [])],
      synchronize: false,
      logging: false,
      extra: {
        connectionTimeoutMillis: connectTimeoutMs,
        statement_timeout: statementTimeoutMs,
        query_timeout: answerTimeoutMs,
        keepAlive: true,
        idleTimeoutMillis: idleTimeoutMs,
        options: '-c jit=off', // every statement is short: compiling one costs more than it saves
      },
      poolErrorHandler: () => undefined, // an idle connection that breaks is replaced on next use
    });
    const opened = new Database(await source.initialize());
    surviveBrokenConnections(source);
    return opened;
  }

  /** Everything inside commits together or not at all. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#source.transaction(({ queryRunner }) => work(openTransaction(queryRunner!)));
  }

  /** For work that is one statement: it commits by itself, which saves a beginning and an end. */
  async statement<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const runner = this.#source.createQueryRunner();
    try {
      return await work(openTransaction(runner));
    } finally {
      await runner.release();
    }
  }

  /** One statement in a transaction of its own. */
  query<R extends object = Row>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    return this.statement((tx) => tx.query<R>(sql, parameters));
  }

  /**
   * Holds a session-level advisory lock while `work` runs; undefined when another process has it.
   * The lock falls with the connection, so a killed holder never blocks its successor.
   */
  async whileLeading<T>(
    lock: string,
    work: (stillLeading: () => Promise<boolean>) => Promise<T>,
  ): Promise<T | undefined> {
    const runner = this.#source.createQueryRunner();
    await runner.connect();
    try {
      const [row] = (await runner.query(`select pg_try_advisory_lock(hashtextextended($1, 0)) as held`, [
        lock,
      ])) as [{ held: boolean }];
      if (!row.held) return undefined;
      const stillLeading = async (): Promise<boolean> => {
        try {
          await runner.query('select 1');
          return true;
        } catch {
          return false;
        }
      };
      try {
        return await work(stillLeading);
      } finally {
        await runner
          .query(`select pg_advisory_unlock(hashtextextended($1, 0))`, [lock])
          .catch(() => undefined);
      }
    } finally {
      await runner.release();
    }
  }

  /** Throws when the database does not answer. */
  async ping(): Promise<void> {
    await this.query('select 1');
  }

  /** Throws when nothing can be written now: away, full, or read-only after a failover. */
  async probe(): Promise<void> {
    await this.transaction((tx) =>
      tx.execute('create temporary table remitflow_probe (at timestamptz) on commit drop'),
    );
  }

  async close(): Promise<void> {
    if (this.#source.isInitialized) await this.#source.destroy();
  }
}

/**
 * A connection that the server ends while it is lent out, between two statements, tells nobody but its own 'error'
 * listeners; without one that would end the process. Whoever uses it next learns of it by the failing statement.
 */
function surviveBrokenConnections(source: DataSource): void {
  const { master } = source.driver as unknown as { master: EventEmitter };
  const survivors = new WeakSet<EventEmitter>();
  master.on('acquire', (client: EventEmitter) => {
    if (!survivors.has(client)) client.on('error', () => undefined);
    survivors.add(client);
  });
}

const connectTimeoutMs = 5_000;
/** Longer than any lull between two files: a new connection has to plan every statement again. */
const idleTimeoutMs = 5 * 60_000;
const statementTimeoutMs = 60_000;
/** Given up by us when a server that went away without a word never answers. */
const answerTimeoutMs = statementTimeoutMs + 15_000;
