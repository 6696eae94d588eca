/** Gives false when PostgreSQL refuses a row because another with its unique key is there. */
export const falseWhenThere = (insert: () => Promise<boolean>): Promise<boolean> =>
  insert().catch((error: unknown) => {
    if (isUniqueViolation(error)) return false;
    throw error;
  });

const isUniqueViolation = (error: unknown): boolean =>
  (error as { driverError?: { code?: unknown } }).driverError?.code === '23505';
