import { ServersError } from '../servers-error.ts';

/** The oldest major version whose SQL remitflow speaks. */
export const oldestPostgresMajor = 15;

/** The major version in what `postgres --version` or `show server_version` says; 0 when there is none. */
export function postgresMajor(text: string): number {
  return Number(/(?:^|\s)(\d{1,3})(?:[.\sa-z]|$)/.exec(text.trim())?.[1] ?? 0);
}

/** @throws ServersError server-too-old */
export function requirePostgresVersion(version: string): void {
  if (postgresMajor(version) >= oldestPostgresMajor) return;
  throw new ServersError(
    'server-too-old',
    `PostgreSQL ${version} is older than ${oldestPostgresMajor}`,
    `Point DATABASE_URL at PostgreSQL ${oldestPostgresMajor} or newer, or unset it to let remitflow bring its own.`,
  );
}
