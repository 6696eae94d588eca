import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { facts } from '@remitflow/contracts';
import { staleFiles, writeFiles } from './files.ts';
import { gate } from './gate.ts';
import { generatedFolder, outputs } from './outputs.ts';
import { readReleased, unreleased, writeReleased } from './releases.ts';

/**
 * `npm run generate` writes what is made from the registry; `-- --check` refuses when it is not fresh, when a fact
 * breaks with one of its releases, or when one was not released; `-- release` records the facts of today as released.
 */
const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const root = resolve(import.meta.dirname, '../../..');
const released = readReleased(root);
const breaks = gate(released, facts);

if (positionals[0] === 'release') await release();
else if (values.check) check();
else generate();

function generate(): void {
  const wanted = outputs(root);
  const written = writeFiles(root, generatedFolder, wanted);
  say(`${wanted.size} generated files, ${written.length} written`);
}

function check(): void {
  const wanted = outputs(root);
  const isFresh = refuse(
    'not fresh',
    staleFiles(root, generatedFolder, wanted),
    'npm run generate, and commit',
  );
  const isCompatible = refuse('breaks with what was released', breaks, 'docs/contracts.md');
  const later = isCompatible ? unreleased(root, released) : [];
  const isReleased = refuse('not released', later.map(versionOf), 'npm run generate -- release, and commit');
  if (isFresh && isCompatible && isReleased) {
    say(`${wanted.size} generated files are fresh; ${released.length} released facts hold`);
  }
}

async function release(): Promise<void> {
  if (!refuse('breaks with what was released', breaks, 'docs/contracts.md')) return;
  const fresh = unreleased(root, released);
  await writeReleased(root, fresh);
  say(fresh.length > 0 ? `released: ${fresh.map(versionOf).join(', ')}` : 'nothing to release');
}

function refuse(complaint: string, found: readonly string[], wayOut: string): boolean {
  if (found.length === 0) return true;
  process.stderr.write(`${complaint}:\n${found.map((one) => `  ${one}\n`).join('')}→ ${wayOut}\n`);
  process.exitCode = 1;
  return false;
}

function versionOf({ fact, releases }: (typeof released)[number]): string {
  return `${fact} as ${releases.at(-1)?.version}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
