import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { identifyProcess, type ProcessIdentity } from './process-identity.ts';
import { ServersError } from '../servers-error.ts';

export type DetachedProgram = {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly logFile: string;
  readonly uid?: number;
  readonly gid?: number;
};

/** Starts a program in a session of its own, so that neither Ctrl-C nor the end of this process reaches it. */
export async function startDetached(wanted: DetachedProgram): Promise<ProcessIdentity> {
  const { program, args, logFile, ...options } = wanted;
  const log = openSync(logFile, 'w', 0o600);
  try {
    const child = spawn(program, [...args], {
      ...options,
      detached: true,
      stdio: ['ignore', log, log],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return identityOf(child.pid, program);
  } finally {
    closeSync(log);
  }
}

function identityOf(pid: number | undefined, program: string): ProcessIdentity {
  const identity = pid === undefined ? undefined : identifyProcess(pid);
  if (identity) return identity;
  throw new ServersError(
    'start-failed',
    `${program} ended as soon as it started`,
    'Look into the log files of the state folder.',
  );
}
