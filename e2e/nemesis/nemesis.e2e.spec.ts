import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

type Summary = {
  readonly seed: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly invariants: Readonly<Record<string, { checked: number; violations: number }>>;
  readonly deadLettersInjected: number;
  readonly deadLettersFound: number;
};

const withinMs = 400_000;

/** The last line of a run, and what it said on the way. */
function nemesis(...args: readonly string[]): Promise<{ summary: Summary; exitCode: number; told: string }> {
  const env = { ...process.env };
  delete env['NODE_OPTIONS'];
  return new Promise((resolve, reject) => {
    const program = [join(import.meta.dirname, 'run.mjs'), '--json', ...args];
    execFile(process.execPath, program, { env, timeout: withinMs }, (error, stdout, told) => {
      const last = stdout.trim().split('\n').at(-1);
      if (!last) return reject(new Error(`the nemesis said nothing:\n${told}`));
      resolve({ summary: JSON.parse(last) as Summary, exitCode: Number(error?.code ?? 0), told });
    });
  });
}

const violated = ({ invariants }: Summary): string[] =>
  Object.entries(invariants).flatMap(([name, { violations }]) => (violations > 0 ? [name] : []));

describe('the five services while everything is being broken', () => {
  it(
    'pay each approved request once, lose nothing and come to rest by themselves',
    async () => {
      const run = ['--minutes', '0.6', '--seed', '26', '--claims', '300', '--every', '8', '--rate', '4'];
      const { summary, exitCode, told } = await nemesis(...run);
      if (exitCode !== 0) process.stderr.write(told);
      expect(violated(summary)).toEqual([]);
      expect(exitCode).toBe(0);
      expect(Object.keys(summary.faults).length).toBeGreaterThan(4);
      expect(summary.deadLettersFound).toBe(summary.deadLettersInjected);
    },
    withinMs,
  );

  it(
    'set one bad claim aside and pay all that came with it',
    async () => {
      const { summary, exitCode, told } = await nemesis(
        '--scenario',
        'poison',
        '--claims',
        '1200',
        '--seed',
        '1',
      );
      if (exitCode !== 0) process.stderr.write(told);
      expect(violated(summary)).toEqual([]);
      expect(summary.invariants['others-are-paid']!.checked).toBe(1199);
      expect(exitCode).toBe(0);
    },
    withinMs,
  );
});
