import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { ServersError } from '../servers-error.ts';
import { parseServerUrl, withoutPassword } from '../server-url.ts';
import { requirePostgresVersion } from './postgres-version.ts';

const connectTimeoutMs = 5_000;
const pollMs = 40;

/** Logs in once and gives the server's version. @throws ServersError worded for the person who wrote the URL */
export async function probePostgres(adminUrl: string): Promise<string> {
  parseServerUrl(adminUrl, { variable: 'DATABASE_URL', schemes: ['postgres:', 'postgresql:'] });
  try {
    const version = await serverVersion(adminUrl);
    requirePostgresVersion(version);
    return version;
  } catch (error) {
    throw worded(error, adminUrl);
  }
}

/** Waits until the server answers a login; `isAlive` false ends the wait. */
export async function awaitPostgres(
  adminUrl: string,
  { isAlive, timeoutMs }: { readonly isAlive: () => boolean; readonly timeoutMs: number },
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline && isAlive()) {
    if (await answers(adminUrl)) return true;
    await pause(pollMs);
  }
  return false;
}

export async function answers(adminUrl: string): Promise<boolean> {
  return serverVersion(adminUrl).then(
    () => true,
    () => false,
  );
}

async function serverVersion(connectionString: string): Promise<string> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: connectTimeoutMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return rows[0]?.server_version ?? '';
  } finally {
    await client.end().catch(() => undefined);
  }
}

function worded(error: unknown, adminUrl: string): ServersError {
  if (error instanceof ServersError) return error;
  const code = (error as { readonly code?: string }).code ?? '';
  const where = withoutPassword(adminUrl);
  if (code.startsWith('28') || code === '3D000') {
    return new ServersError(
      'login-refused',
      `PostgreSQL refuses the login ${where}: ${(error as Error).message}`,
      {
        nextAction:
          'Correct user, password and database in DATABASE_URL; the role must be allowed to create databases and roles.',
        cause: error,
      },
    );
  }
  return new ServersError(
    'server-unreachable',
    `No PostgreSQL answers at ${where}: ${(error as Error).message || code}`,
    {
      nextAction:
        'Start that server or correct host and port in DATABASE_URL; unset it to let remitflow bring its own.',
      cause: error,
    },
  );
}
