import { join } from 'node:path';
import { platformOwner, readMigrations, type SqlMigration } from '@remitflow/persistence';

/** The tables every service has: outbox, inbox, retries, dead letters. */
export const messageTables = (): SqlMigration[] =>
  readMigrations(platformOwner, join(import.meta.dirname, 'migrations'));
