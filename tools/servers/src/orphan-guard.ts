import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readJsonFile, removeFile, writeJsonFile } from './machine/json-file.ts';
import { identifyProcess, isAlive, type ProcessIdentity } from './machine/process-identity.ts';

/** Lines of `SIGNAL PID` in the order in which the guard stops them. */
export const guardedFile = 'guarded';

/**
 * The shell waits on a pipe that only its starter holds. A word means the starter ended well; the pipe's end without one means
 * it was killed, and then the guard stops the supervised processes, then the servers, and gives the lock back.
 */
export const guardScript = `
alive() {
  kill -0 "$1" 2>/dev/null && ! grep -q '^State:.*Z' "/proc/$1/status" 2>/dev/null
}
await_end() {
  tries=0
  while alive "$1"; do
    tries=$((tries + 1))
    [ "$tries" -eq "$2" ] && kill -s KILL "$1" 2>/dev/null
    [ "$tries" -gt $(($2 + 15)) ] && break
    sleep 0.2
  done
}
read -r word && exit 0
services=$(sed -n 's/.*"pid": *\\([0-9]*\\).*/\\1/p' "$1"/processes/*.json 2>/dev/null)
for pid in $services; do kill -s TERM "$pid" 2>/dev/null; done
for pid in $services; do await_end "$pid" 50; done
rm -f "$1"/processes/*.json
while read -r signal pid; do
  kill -s "$signal" "$pid" 2>/dev/null || continue
  await_end "$pid" 15
done <"$1/guarded"
rm -f "$1/guarded" "$1/lock" "$1/guard.json"
`;

const fileName = 'guard.json';
const waitMs = 60_000;
const pollMs = 50;

export type OrphanGuard = { dismiss(): void };

/** Watches this process: should it be killed, the servers recorded in the folder are stopped. */
export function startOrphanGuard(folder: string): OrphanGuard {
  const guard = spawn('/bin/sh', ['-c', guardScript, 'remitflow-guard', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  (guard.stdin as unknown as { unref?: () => void }).unref?.();
  if (guard.pid !== undefined) writeJsonFile(join(folder, fileName), identifyProcess(guard.pid));
  return {
    dismiss: () => {
      guard.stdin.end('done\n');
      removeFile(join(folder, fileName));
    },
  };
}

/** A guard that is still clearing up after a killed run must finish before the next one looks at the folder. */
export async function awaitEarlierGuard(folder: string): Promise<void> {
  const guard = readJsonFile(join(folder, fileName)) as ProcessIdentity | undefined;
  const deadline = Date.now() + waitMs;
  while (guard && isAlive(guard) && isOrphaned(folder) && Date.now() < deadline) {
    await pause(pollMs);
  }
}

function isOrphaned(folder: string): boolean {
  const holder = readJsonFile(join(folder, 'lock')) as ProcessIdentity | undefined;
  return holder !== undefined && !isAlive(holder);
}
