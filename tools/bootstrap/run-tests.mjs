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

/** Ctrl-C reaches jest through the terminal; it then ends, and the servers are stopped after it. */
function runJest(args) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, ['--experimental-vm-modules', jest, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  const forward = (signal) => child.kill(signal);
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', forward);
  process.on('SIGHUP', forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
