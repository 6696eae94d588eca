import type { Transaction } from './transaction.ts';

/**
 * Inserts what is nearly always new. The first way takes it for new and is undone when a unique key says that some of it is
 * there; then the second way looks row by row (`on conflict`), which takes twice as long.
 */
export async function ifAllNew(
  tx: Transaction,
  asNew: () => Promise<unknown>,
  asKnown: () => Promise<unknown>,
): Promise<void> {
  await tx.execute('savepoint as_new');
  try {
    await asNew();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    await tx.execute('rollback to savepoint as_new');
    await asKnown();
  }
  await tx.execute('release savepoint as_new');
}

/** A unique key says that something is there already. */
export const isUniqueViolation = (error: unknown): boolean =>
  (error as { driverError?: { code?: unknown } }).driverError?.code === uniqueViolation;

const uniqueViolation = '23505';
