import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { identifyProcess, type ProcessIdentity } from '../machine/process-identity.ts';
import { stopProcess } from '../machine/stop-process.ts';
import { ServersError } from '../servers-error.ts';
import { forgetProcess, recordProcess } from './process-records.ts';

export type ProcessWanted = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Takes both outputs, appended. */
  readonly logFile: string;
  readonly cwd?: string;
  /** The state folder in which the process is recorded, so that any later run can find and stop it. */
  readonly stateDir?: string;
  /** How long a process may take to end by itself after SIGTERM. */
  readonly graceMs?: number;
  /** Starts it again this long after it ended unasked; off when not said. */
  readonly restartAfterMs?: number;
  /** The process stays when this one ends (`up --detach`). */
  readonly outlives?: boolean;
};

export type ProcessEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type SupervisedProcess = {
  readonly name: string;
  /** The id of the process that runs now; it changes with a restart. */
  pid(): number;
  /** Resolves when the process has ended for good: stopped, or ended unasked without a restart. */
  readonly ended: Promise<ProcessEnd>;
  /** SIGTERM, then SIGKILL after the grace; resolves when it is gone. */
  stop(): Promise<void>;
};

const defaultGraceMs = 15_000;

/** Starts a program in a session of its own, so that Ctrl-C reaches it only through us. @throws ServersError start-failed */
export async function superviseProcess(wanted: ProcessWanted): Promise<SupervisedProcess> {
  let current = await launch(wanted);
  let stopping = false;
  const ended = (async (): Promise<ProcessEnd> => {
    for (;;) {
      const end = await current.ended;
      if (stopping || wanted.restartAfterMs === undefined) return forget(wanted, end);
      await pause(wanted.restartAfterMs);
      if (stopping) return forget(wanted, end);
      current = await launch(wanted);
    }
  })();
  ended.catch(() => undefined);
  return {
    name: wanted.name,
    pid: () => current.identity.pid,
    ended,
    stop: async () => {
      stopping = true;
      const graceMs = wanted.graceMs ?? defaultGraceMs;
      await stopProcess(current.identity, { signal: 'SIGTERM', graceMs });
      await ended.catch(() => undefined);
    },
  };
}

type Launched = { readonly identity: ProcessIdentity; readonly ended: Promise<ProcessEnd> };

async function launch(wanted: ProcessWanted): Promise<Launched> {
  const child = spawnLogged(wanted);
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(notStarted(wanted, cause)));
  });
  if (wanted.outlives) child.unref();
  const identity = identifyProcess(child.pid ?? 0) ?? { pid: child.pid ?? 0, startedAt: 'ended' };
  if (wanted.stateDir) recordProcess(wanted.stateDir, wanted.name, identity);
  return { identity, ended };
}

function spawnLogged({ command, args, env, cwd, logFile }: ProcessWanted): ChildProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(command, [...args], { env, cwd, detached: true, stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
}

function forget({ stateDir, name }: ProcessWanted, end: ProcessEnd): ProcessEnd {
  if (stateDir) forgetProcess(stateDir, name);
  return end;
}

function notStarted({ name, command }: ProcessWanted, cause: Error): ServersError {
  return new ServersError('start-failed', `${name} could not be started (${command}): ${cause.message}`, {
    nextAction: 'Run npm run build, then the same command again.',
    cause,
  });
}
