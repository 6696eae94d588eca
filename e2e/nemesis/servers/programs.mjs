import { spawn } from 'node:child_process';
import { openSync, closeSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { signal } from '../herd.mjs';

/** How a process was started, read from Linux's /proc, so that the very same can be started again after its death. */
export function programOf(pid) {
  const words = (file) => readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0').filter(Boolean);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const id = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1]);
  const env = Object.fromEntries(
    words('environ').map((pair) => [pair.slice(0, pair.indexOf('=')), valueOf(pair)]),
  );
  return {
    program: readlinkSync(`/proc/${pid}/exe`),
    args: words('cmdline').slice(1),
    env,
    cwd: readlinkSync(`/proc/${pid}/cwd`),
    ...(id('Uid') === process.getuid() ? {} : { uid: id('Uid'), gid: id('Gid') }),
  };
}

const valueOf = (pair) => pair.slice(pair.indexOf('=') + 1);

/**
 * RabbitMQ's own start script with the settings of a node that runs: what the script itself exported for the Erlang machine
 * is left behind.
 */
export function brokerProgramOf(pid) {
  const { env, cwd } = programOf(pid);
  const home = dirname(env.ERL_LIBS);
  const kept = Object.entries(env).filter(([name]) =>
    /^(RABBITMQ_|REMITFLOW_|ERL_EPMD_|HOME$|LC_ALL$|PATH$)/.test(name),
  );
  return {
    program: join(home, 'sbin', 'rabbitmq-server'),
    args: [],
    env: Object.fromEntries(kept),
    cwd,
    home,
  };
}

/** Starts a program in a session of its own; gives its process id. */
export async function startProgram({ program, args, ...options }, logFile) {
  const log = openSync(logFile, 'a', 0o600);
  try {
    const { uid, gid, env, cwd } = options;
    const child = spawn(program, args, { uid, gid, env, cwd, detached: true, stdio: ['ignore', log, log] });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    return child.pid;
  } finally {
    closeSync(log);
  }
}

/** A zombie counts as gone: it holds nothing any more. */
export function isAlive(pid) {
  if (!signal(pid, 0)) return false;
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

export async function untilGone(pid, timeoutMs) {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}

/** A process and all that descend from it, ancestors first: the backends of PostgreSQL are in sessions of their own. */
export function familyOf(pid) {
  const children = new Map();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(name);
    if (parent) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const family = [pid];
  for (const member of family) family.push(...(children.get(member) ?? []));
  return family;
}

function parentOf(pid) {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}
