import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** The short form of `node e2e/kill-services.mjs --claims 5000`, on private servers of its own. */
describe('killing every service in turn', () => {
  it('loses nothing and pays nothing twice', async () => {
    const state = mkdtempSync(join(tmpdir(), 'remitflow-kill-'));
    try {
      const { exitCode, last, stderr } = await runScript(['--claims', '1500', '--state', state]);
      expect({ ...last, stderr: exitCode === 0 ? '' : stderr }).toMatchObject({ violations: [], stderr: '' });
      expect(new Set(last.kills.map((kill: { service: string }) => kill.service)).size).toBe(5);
      expect(last.actual.paidCents).toBeGreaterThan(0);
      expect(exitCode).toBe(0);
    } finally {
      rmSync(state, { recursive: true, force: true });
    }
  }, 240_000);
});

type Killed = { kills: { service: string }[]; actual: { paidCents: number }; violations: string[] };

function runScript(args: string[]): Promise<{ exitCode: number | null; last: Killed; stderr: string }> {
  const { REMITFLOW_TEST_POSTGRES_URL, REMITFLOW_TEST_RABBIT_URL, DATABASE_URL, RABBITMQ_URL, ...env } =
    process.env;
  void [REMITFLOW_TEST_POSTGRES_URL, REMITFLOW_TEST_RABBIT_URL, DATABASE_URL, RABBITMQ_URL];
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'kill-services.mjs'), ...args], { env });
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => (out.stdout += chunk));
    child.stderr.on('data', (chunk) => (out.stderr += chunk));
    child.on('close', (exitCode) =>
      done({ exitCode, last: JSON.parse(out.stdout.trim().split('\n').at(-1) || '{}'), stderr: out.stderr }),
    );
  });
}
