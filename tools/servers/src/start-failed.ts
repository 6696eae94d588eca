import { ServersError } from './servers-error.ts';

const shownLines = 5;

/** The error for a program that would not run, worded after what it said last. */
export function startFailed(what: string, output: string): ServersError {
  if (/no space left on device|ENOSPC|disk full/i.test(output)) {
    return new ServersError(
      'disk-full',
      `${what}: the disk is full`,
      'Free some space (about 500 MB) where the state folder lies, then run the command again.',
    );
  }
  if (/address already in use|eaddrinuse/i.test(output)) {
    return new ServersError(
      'port-taken',
      `${what}: its port was taken by another program`,
      'Run the command again: another free port is chosen.',
    );
  }
  const last = output.trim().split('\n').slice(-shownLines).join('\n');
  return new ServersError(
    'start-failed',
    `${what}\n${last}`,
    'Look into the logs of the state folder; npm run reset starts from nothing.',
  );
}

/** Between the choice of a port and its use another program may take it; then, once, other ports are chosen. */
export async function onFreePorts<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof ServersError) || error.code !== 'port-taken') throw error;
    return start();
  }
}
