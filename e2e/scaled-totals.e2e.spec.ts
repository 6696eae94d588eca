import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

type Round = {
  totals: { requests: Record<string, number>; paidCents: number; audited: Record<string, number> };
};
type Compared = { alone: Round; scaled: Round & { killed: { decided: number } }; violations: string[] };

/** The short form of `node e2e/scaled-totals.mjs --claims 20000`, on private servers of its own. */
describe('several processes of a service', () => {
  it('come to the same totals as one, even when one of two is killed', async () => {
    const state = mkdtempSync(join(tmpdir(), 'remitflow-scaled-'));
    try {
      const { exitCode, last, stderr } = await runScript(['--claims', '1200', '--state', state]);
      expect({ ...last, stderr: exitCode === 0 ? '' : stderr }).toMatchObject({ violations: [], stderr: '' });
      const { requests, paidCents, audited } = last.scaled.totals;
      expect(requests['received']).toBe(2_400);
      expect(['approved', 'held', 'rejected', 'denied'].filter((one) => !requests[one])).toEqual([]);
      expect(paidCents).toBeGreaterThan(0);
      expect(audited['requests.submitted.v1']).toBe(2_400);
      expect(exitCode).toBe(0);
    } finally {
      rmSync(state, { recursive: true, force: true });
    }
  }, 180_000);
});

function runScript(args: string[]): Promise<{ exitCode: number | null; last: Compared; stderr: string }> {
  const { REMITFLOW_TEST_POSTGRES_URL, REMITFLOW_TEST_RABBIT_URL, DATABASE_URL, RABBITMQ_URL, ...env } =
    process.env;
  void [REMITFLOW_TEST_POSTGRES_URL, REMITFLOW_TEST_RABBIT_URL, DATABASE_URL, RABBITMQ_URL];
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'scaled-totals.mjs'), ...args], { env });
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => (out.stdout += chunk));
    child.stderr.on('data', (chunk) => (out.stderr += chunk));
    child.on('close', (exitCode) =>
      done({ exitCode, last: JSON.parse(out.stdout.trim().split('\n').at(-1) || '{}'), stderr: out.stderr }),
    );
  });
}
