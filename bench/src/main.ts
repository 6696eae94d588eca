import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withBench, type Bench, type Measured, type Table } from './bench.ts';
import { missingFigures, partsBehind } from './document.ts';
import { staysBelow } from './measure/again.ts';
import { mustBeRatios, type Bounds } from './measure/bounds.ts';
import { memoryFaults } from './measure/memory.ts';
import { textTable } from './measure/text-table.ts';
import { measureParts } from './parts/parts.ts';
import { writeResults } from './results.ts';
import { readSettings, UsageError, type Settings } from './settings.ts';

const folder = join(import.meta.dirname, '..');

/** Measures what the arguments name; the exit code: 0, 1 when a ratio is below its bound, 2 for wrong usage. */
export async function main(args: readonly string[]): Promise<number> {
  let settings: Settings;
  try {
    settings = readSettings(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  return withBench(settings, measureAll);
}

async function measureAll(bench: Bench): Promise<number> {
  const { settings } = bench;
  const tables: Table[] = [];
  const begun = performance.now();
  const take = ({ figures, tables: more }: Measured): void => {
    Object.assign(bench.figures, figures);
    tables.push(...more);
    for (const table of more) print(table);
  };
  await measureParts(bench, take);
  const took = (performance.now() - begun) / 1000;
  bench.say(`measured in ${took.toFixed(0)} s`);
  if (settings.isFull) writeResults(join(folder, 'RESULTS.md'), { bench, tables, seconds: took });
  const faults = await faultsOf(bench);
  for (const fault of faults) bench.say(`✗ ${fault}`);
  if (settings.quick && faults.length === 0) bench.say(`✓ no ratio is below its bound`);
  if (settings.json) process.stdout.write(`${JSON.stringify(bench.figures)}\n`);
  return faults.length === 0 ? 0 : 1;
}

/** With --json standard output holds the document on its last line, and the tables before it. */
function print({ title, head, rows, note }: Table): void {
  process.stdout.write(`\n${title}\n${textTable(head, rows)}\n${note ? `${note}\n` : ''}`);
}

/** What makes the run fail; profiles cost memory and time, and are not judged. */
async function faultsOf(bench: Bench): Promise<readonly string[]> {
  const { settings, figures } = bench;
  const missing = missingFigures(figures, settings.parts).map((path) => `${path} was not measured`);
  if (settings.profile !== undefined || settings.pgStatements) return missing;
  return [...missing, ...(settings.quick ? await lowRatios(bench) : memoryFaults(figures))];
}

async function lowRatios(bench: Bench): Promise<readonly string[]> {
  const stored = JSON.parse(readFileSync(join(folder, 'bounds.json'), 'utf8')) as Bounds;
  const falls = await staysBelow(mustBeRatios(stored), bench.figures, {
    measure: (figures) => measureAgain(bench, figures),
    say: (text) => bench.say(text),
  });
  return falls.map(
    ({ figure, least, measured }) =>
      `${figure} is ${measured.toFixed(2)} at its best, and must be ${least} or more`,
  );
}

/** From new servers on, in a folder of their own; nothing of it gets into the document. */
async function measureAgain(bench: Bench, figures: readonly string[]): Promise<object> {
  const parts = partsBehind(figures).filter((part) => bench.settings.parts.includes(part));
  const again: Bench = {
    ...bench,
    folder: mkdtempSync(join(bench.folder, 'again-')),
    settings: { ...bench.settings, parts },
    figures: {},
  };
  await measureParts(again, (measured) => void Object.assign(again.figures, measured.figures));
  return again.figures;
}
