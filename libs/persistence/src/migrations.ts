import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrokenInvariant } from '@remitflow/kernel';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';

/** One numbered step of one owner's schema; forward only. */
export type SqlMigration = {
  readonly owner: string;
  readonly number: number;
  readonly name: string;
  readonly sql: string;
};

/**
 * Reads `0001-create-x.sql`, `0002-…` from a folder. Throws `migrations.numbering` when a number is missing or
 * taken twice.
 */
export function readMigrations(owner: string, folder: string): SqlMigration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  const migrations = files.sort().map((file) => {
    const match = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(file);
    if (!match) throw new BrokenInvariant('migrations.name', { owner, file });
    return {
      owner,
      number: Number(match[1]),
      name: match[2]!,
      sql: readFileSync(join(folder, file), 'utf8'),
    };
  });
  migrations.forEach((migration, place) => {
    if (migration.number !== place + 1)
      throw new BrokenInvariant('migrations.numbering', { owner, number: place + 1 });
  });
  return migrations;
}

/**
 * Brings a database up to date, as the migrator role, one transaction a step, and gives the names of the steps it
 * took. Two processes may call it at once: the second waits for the first and finds nothing to do.
 */
export async function migrate(url: string, migrations: readonly SqlMigration[]): Promise<string[]> {
  const source = new DataSource({
    type: 'postgres',
    url,
    applicationName: 'remitflow-migrations',
    migrations: migrations.map(asTypeOrm),
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    poolSize: 2,
    extra: { connectionTimeoutMillis: 5_000 },
  });
  await source.initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.query(`select pg_advisory_lock(hashtextextended('remitflow.migrations', 0))`);
    return (await source.runMigrations()).map((step) => step.name);
  } finally {
    await lock.release();
    await source.destroy();
  }
}

/** TypeORM orders by the 13 digits that end a migration's name; the platform's tables come first. */
function asTypeOrm(migration: SqlMigration): new () => MigrationInterface {
  const ownerPlace = migration.owner === platformOwner ? 1 : 2;
  const name = `${migration.owner}_${migration.name.replaceAll('-', '_')}_${ownerPlace}${String(migration.number).padStart(12, '0')}`;
  return class implements MigrationInterface {
    readonly name = name;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(migration.sql);
    }

    async down(): Promise<void> {
      throw new BrokenInvariant('migrations.forward-only', { migration: name });
    }
  };
}

/** The owner name of the tables that every service has (outbox, inbox, …). */
export const platformOwner = 'platform';
