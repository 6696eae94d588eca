import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare } from './prepare.mjs';
import { root, run, seconds } from './project.mjs';

/** Runs every test on private servers of this run's own, and ends with jest's output and its exit code. */
export function runTests(args) {
  return run(async () => {
    const report = (step) => process.stderr.write(`${step}\n`);
    await prepare(report);
    const since = performance.now();
    const servers = await openTestServers(report);
    report(`private test servers ready in ${seconds(since)}`);
    try {
      process.exitCode = await runJest(args);
    } finally {
      await servers.close();
    }
  });
}

async function openTestServers(report) {
  const index = join(root, 'tools', 'servers', 'dist', 'index.js');
  const { privateTestServers } = await import(pathToFileURL(index).href);
  return privateTestServers(report);
}

/**
 * On a terminal jest stays in the foreground, where Ctrl-C reaches it and its workers. Without one it gets a group of its own,
 * so that a signal to us can be passed to its workers too: they do not end with it.
 */
function runJest(args) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const ownGroup = !process.stdin.isTTY;
  const child = spawn(process.execPath, ['--experimental-vm-modules', jest, ...args], {
    cwd: root,
    stdio: 'inherit',
    detached: ownGroup,
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  const forward = (signal) => passOn(child, { signal, ownGroup });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function passOn(child, { signal, ownGroup }) {
  try {
    if (ownGroup) process.kill(-child.pid, signal);
    else if (signal !== 'SIGINT') child.kill(signal);
  } catch {
    // It ended in the meantime.
  }
}
