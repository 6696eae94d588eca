import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const tool = join(root, 'tools', 'cli', 'dist', 'main.js');

/**
 * The product from outside: the command-line tool over a state folder of its own. `run` gives exit code and the
 * document of the last line; `must` throws unless the exit code is 0.
 */
export function openRemitflow(stateDir, environment = process.env) {
  const env = {
    ...environment,
    REMITFLOW_STATE: stateDir,
    LOG_LEVEL: 'warn',
    REMITFLOW_PAYOUT_CUT_OFF: 'off',
  };
  delete env.NODE_OPTIONS;

  const run = (...args) =>
    new Promise((done, fail) => {
      const child = spawn(process.execPath, [tool, ...args, '--json'], { cwd: root, env });
      const out = { stdout: '', stderr: '' };
      child.stdout.on('data', (chunk) => (out.stdout += chunk));
      child.stderr.on('data', (chunk) => (out.stderr += chunk));
      child.on('error', fail);
      child.on('close', (exitCode) => done({ exitCode, ...out, document: lastDocument(out.stdout) }));
    });

  const must = async (...args) => {
    const { exitCode, document, stdout, stderr } = await run(...args);
    if (exitCode !== 0)
      throw new Error(`remitflow ${args.join(' ')} exited ${exitCode}:\n${stderr}\n${stdout}`);
    return document;
  };

  return { root, stateDir, run, must };
}

function lastDocument(stdout) {
  const last = stdout.trim().split('\n').at(-1);
  try {
    return JSON.parse(last);
  } catch {
    return undefined;
  }
}

/** Awaits a condition; fails with the last answer. */
export async function eventually(look, timeoutMs = 60_000) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await look();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`not true after ${timeoutMs} ms: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
