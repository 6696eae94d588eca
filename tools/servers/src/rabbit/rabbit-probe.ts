import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'amqplib';
import { ServersError } from '../servers-error.ts';
import { parseServerUrl, withoutPassword } from '../server-url.ts';
import { requireRabbitVersion } from './rabbit-version.ts';

const connectTimeoutMs = 5_000;
const pollMs = 100;

/** Logs in once and gives the broker's version. @throws ServersError worded for the person who wrote the URL */
export async function probeRabbit(url: string): Promise<string> {
  parseServerUrl(url, { variable: 'RABBITMQ_URL', schemes: ['amqp:', 'amqps:'] });
  try {
    const version = await brokerVersion(url);
    requireRabbitVersion(version);
    return version;
  } catch (error) {
    throw worded(error, url);
  }
}

/** Waits until the broker accepts a login; `isAlive` false ends the wait. */
export async function awaitRabbit(
  url: string,
  { isAlive, timeoutMs }: { readonly isAlive: () => boolean; readonly timeoutMs: number },
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline && isAlive()) {
    if (await acceptsLogin(url)) return true;
    await pause(pollMs);
  }
  return false;
}

export async function acceptsLogin(url: string): Promise<boolean> {
  return brokerVersion(url).then(
    () => true,
    () => false,
  );
}

async function brokerVersion(url: string): Promise<string> {
  const connection = await connect(url, { timeout: connectTimeoutMs });
  connection.on('error', () => undefined);
  const properties: Readonly<Record<string, unknown>> = connection.connection.serverProperties;
  await connection.close();
  return String(properties['version'] ?? '');
}

/** What amqplib says when the broker ends the handshake, and what it means. */
const refusals = [
  { pattern: /ACCESS.REFUSED|\b403\b/, reason: 'wrong user or password' },
  {
    pattern: /Expected ConnectionOpenOk|NOT.ALLOWED|\b530\b/,
    reason: 'the virtual host does not exist or is not open to this user',
  },
];

function worded(error: unknown, url: string): ServersError {
  if (error instanceof ServersError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const where = withoutPassword(url);
  const refusal = refusals.find(({ pattern }) => pattern.test(message));
  if (refusal) {
    return new ServersError('login-refused', `RabbitMQ refuses the login ${where}: ${refusal.reason}`, {
      nextAction: 'Correct user, password and virtual host in RABBITMQ_URL (the host "/" is written %2F).',
      cause: error,
    });
  }
  return new ServersError('server-unreachable', `No RabbitMQ answers at ${where}: ${message}`, {
    nextAction:
      'Start that broker or correct host and port in RABBITMQ_URL; unset it to let remitflow bring its own.',
    cause: error,
  });
}
