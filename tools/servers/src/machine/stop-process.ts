import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from './process-identity.ts';

const pollMs = 25;

export type StopOptions = { readonly signal: NodeJS.Signals; readonly graceMs: number };

/** Asks a recorded process to end, then kills it when the grace is over; a process that is not the recorded one is left alone. */
export async function stopProcess(
  recorded: ProcessIdentity,
  { signal, graceMs }: StopOptions,
): Promise<void> {
  if (!send(recorded, signal)) return;
  if (await gone(recorded, graceMs)) return;
  send(recorded, 'SIGKILL');
  await gone(recorded, graceMs);
}

function send(recorded: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(recorded)) return false;
  try {
    return process.kill(recorded.pid, signal);
  } catch {
    return false;
  }
}

async function gone(recorded: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isAlive(recorded)) {
    if (Date.now() > deadline) return false;
    await pause(pollMs);
  }
  return true;
}
