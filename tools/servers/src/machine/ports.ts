import { createServer } from 'node:net';
import { ServersError } from '../servers-error.ts';

export const loopback = '127.0.0.1';

/** True when nobody listens on this loopback port now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: loopback, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** The remembered ports where they are still free, and newly chosen ones for the rest; all differ. */
export async function choosePorts<Name extends string>(
  names: readonly Name[],
  remembered: Partial<Record<Name, number>>,
): Promise<Record<Name, number>> {
  const chosen = new Map<Name, number>();
  for (const name of names) {
    const before = remembered[name];
    const taken = new Set(chosen.values());
    const keeps = before !== undefined && !taken.has(before) && (await isPortFree(before));
    chosen.set(name, keeps ? before : await freePort(taken));
  }
  return Object.fromEntries(chosen) as Record<Name, number>;
}

/** Refuses a port that the person asked for and another program has. @throws ServersError port-taken */
export async function requirePort(port: number, variable: string): Promise<void> {
  if (await isPortFree(port)) return;
  throw new ServersError(
    'port-taken',
    `Port ${port}, which ${variable} asks for, is taken by another program`,
    `Stop that program (ss -ltnp | grep ${port} shows it), choose another ${variable}, or unset it.`,
  );
}

async function freePort(not: ReadonlySet<number>): Promise<number> {
  for (;;) {
    const port = await anyFreePort();
    if (!not.has(port)) return port;
  }
}

function anyFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ port: 0, host: loopback }, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
