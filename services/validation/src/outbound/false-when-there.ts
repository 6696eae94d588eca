import { isUniqueViolation } from '@remitflow/persistence';

/** Gives false when PostgreSQL refuses a row because another with its unique key is there. */
export const falseWhenThere = (insert: () => Promise<boolean>): Promise<boolean> =>
  insert().catch((error: unknown) => {
    if (isUniqueViolation(error)) return false;
    throw error;
  });
