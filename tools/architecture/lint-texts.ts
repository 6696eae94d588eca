import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export type Probe = { readonly path: string; readonly text: string; readonly typed?: boolean };
export type Objection = {
  readonly ruleId: string | null;
  readonly message: string;
  readonly severity: 1 | 2;
};

/** What the linter says about each text, were it the file at its path. One process for all of them. */
export function lintTexts(probes: readonly Probe[]): Objection[][] {
  const program = join(import.meta.dirname, 'lint-texts.mjs');
  const result = spawnSync(process.execPath, [program], {
    input: JSON.stringify(probes),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status !== 0) throw new Error(`the linter failed: ${result.stderr}`);
  return JSON.parse(result.stdout) as Objection[][];
}
