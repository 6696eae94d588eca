import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Waits on a pipe that only the runner holds; its end without a word means that the runner was killed. */
const guardScript =
  'read -r word && exit 0; for pid in $(cat "$1"); do kill -s KILL "$pid" 2>/dev/null; done';

/**
 * The processes of a run. None outlives it: they are killed when the run ends, and by a shell that watches when the run itself
 * is killed. A process that was stopped by SIGSTOP dies of SIGKILL all the same.
 */
export function openHerd(stateDir) {
  const file = join(stateDir, 'pids');
  const pids = new Set();
  const write = () => writeFileSync(file, [...pids].join('\n'));
  write();
  const guard = spawn('/bin/sh', ['-c', guardScript, 'nemesis-guard', file], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  guard.stdin.unref?.();

  return {
    add(pid) {
      pids.add(pid);
      write();
    },
    remove(pid) {
      pids.delete(pid);
      write();
    },
    close() {
      for (const pid of pids) signal(pid, 'SIGKILL');
      pids.clear();
      write();
      guard.stdin.end('done\n');
    },
  };
}

/** False when there is no such process. */
export function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
