import { createHash } from 'node:crypto';
import { QueryFailedError, QueryRunnerAlreadyReleasedError, type QueryRunner } from 'typeorm';

type Result = { readonly rows: unknown[]; readonly rowCount: number | null };

type Client = {
  query(statement: { text: string; values: readonly unknown[]; name?: string }): Promise<Result>;
};

/**
 * Runs one statement on the runner's connection, prepared under a name: PostgreSQL parses and plans it once a
 * connection instead of every time. Throws TypeORM's `QueryFailedError`, as `runner.query` does.
 */
export async function runPrepared(
  runner: QueryRunner,
  text: string,
  values: readonly unknown[],
): Promise<Result> {
  if (runner.isReleased) throw new QueryRunnerAlreadyReleasedError();
  const client = (await runner.connect()) as Client;
  try {
    return await client.query({ text, values, ...(values.length > 0 ? { name: nameOf(text) } : {}) });
  } catch (error) {
    if (isOutdated(error)) forgetNames();
    throw new QueryFailedError(text, [...values], error as Error);
  }
}

const names = new Map<string, string>();

/** Grows when a migration has changed what prepared statements give: all are prepared anew, under new names. */
let generation = 0;

/** Statements are texts of the source; a text that is put together at run time must not fill the server's memory. */
const namesMax = 1_000;

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= namesMax) return undefined;
  const name = `${generation}_${createHash('sha1').update(text).digest('base64url')}`;
  names.set(text, name);
  return name;
}

function forgetNames(): void {
  names.clear();
  generation += 1;
}

/** "cached plan must not change result type": a column was added or retyped while we run. */
export const isOutdated = (error: unknown): boolean =>
  error instanceof Error &&
  (error as { code?: unknown }).code === '0A000' &&
  error.message.includes('cached plan');
