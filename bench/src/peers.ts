import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { openServers } from '@remitflow/servers';
import pg from 'pg';
import type { Bench } from './bench.ts';
import { privateEnvironment, readServers, type ServersSeen } from './instance.ts';

/** Servers for what is measured beside the product: of the same kind and with the same promises. */
export type Peers = ServersSeen & { readonly folder: string; close(): Promise<void> };

export async function openPeers(bench: Bench): Promise<Peers> {
  bench.say('starting private servers for the peers');
  const folder = join(bench.folder, 'peers');
  const env = privateEnvironment(folder);
  const servers = await openServers({
    stateDir: folder,
    cacheDir: env['REMITFLOW_CACHE']!,
    purpose: 'demo',
    env,
    report: (step) => bench.say(`  · ${step}`),
  });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= servers.close());
  bench.atEnd(close);
  return { ...readServers(folder), folder, close };
}

/** A new, empty database. */
export async function createDatabase({ adminUrl }: Peers, name: string): Promise<string> {
  await withClient(adminUrl, (client) => client.query(`create database ${name}`));
  return adminUrl.replace(/\/[^/]*$/, `/${name}`);
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A process that says `ready` when it is, and ends when we do. */
export async function startPeer(
  bench: Bench,
  program: string,
  args: readonly string[],
): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, program), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  bench.atEnd(() => stopPeer(child));
  child.once('exit', (code) => {
    if (!stopped.has(child)) bench.broken(new Error(`${program} ${args[0]} ended with ${code}`));
  });
  await once(child, 'message');
  return child;
}

const stopped = new WeakSet<ChildProcess>();

export async function stopPeer(child: ChildProcess): Promise<void> {
  stopped.add(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const forced = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await once(child, 'exit');
  clearTimeout(forced);
}
