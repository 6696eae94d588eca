import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const pollMs = 50;

/** Everything a state folder and its `test` folder recorded: the run that holds it, its processes, servers, containers, temporary folders. */
export function recordedIn(stateFolder) {
  const folders = [stateFolder, join(stateFolder, 'test')].filter(existsSync);
  const records = folders.map((folder) => read(join(folder, 'servers.json')) ?? {});
  return {
    holders: folders.map((folder) => read(join(folder, 'lock'))).filter(Boolean),
    supervised: folders.flatMap((folder) => readAll(join(folder, 'processes'))),
    postgres: records.flatMap(({ postgres }) => postgres?.processes ?? []),
    rabbit: records.flatMap(({ rabbit }) => rabbit?.processes ?? []),
    guards: folders.map((folder) => read(join(folder, 'guard.json'))).filter(Boolean),
    docker: records.flatMap(({ docker }) => docker ?? []),
    temporaryFolders: records.flatMap(({ temporaryFolder }) => temporaryFolder ?? []),
  };
}

/** Ends a recorded process: a request first, force after the grace. One that only shares the number is left alone. */
export async function stop(recorded, signal, graceMs) {
  if (!send(recorded, signal)) return;
  const deadline = Date.now() + graceMs;
  while (isAlive(recorded) && Date.now() < deadline) await pause(pollMs);
  send(recorded, 'SIGKILL');
  while (isAlive(recorded) && Date.now() < deadline + graceMs) await pause(pollMs);
}

function send(recorded, signal) {
  if (!isAlive(recorded)) return false;
  try {
    return process.kill(recorded.pid, signal);
  } catch {
    return false;
  }
}

/** The same test as tools/servers uses: number and start time. That package cannot be loaded before it is installed. */
export function isAlive({ pid, startedAt }) {
  return Number.isInteger(pid) && startOf(pid) === startedAt;
}

function startOf(pid) {
  try {
    if (process.platform === 'linux') return linuxStart(pid);
    const stdio = ['ignore', 'pipe', 'ignore'];
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio }).trim();
  } catch {
    return 'gone';
  }
}

function linuxStart(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return fields[0] === 'Z' ? 'gone' : `${boot}:${fields[19]}`;
}

function readAll(folder) {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.map((name) => read(join(folder, name))).filter(Boolean);
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
