import { readFileSync } from 'node:fs';
import { identifyProcess, type ProcessIdentity } from './process-identity.ts';

/**
 * The process that a server's own pid file names, left by a run that was killed before it could write its record.
 * The mark must be in its command line or environment, since the number may have been given to another program.
 */
export function findLeftOver(pidFile: string, mark: string): ProcessIdentity | undefined {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
    const started = ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8'));
    return started.join('').includes(mark) ? identifyProcess(pid) : undefined;
  } catch {
    return undefined;
  }
}
