import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { staleFiles, writeFiles } from './files.ts';
import { generatedFolder, outputs } from './outputs.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const root = resolve(import.meta.dirname, '../../..');
const wanted = outputs(root);

if (values.check) {
  const stale = staleFiles(root, generatedFolder, wanted);
  if (stale.length > 0) {
    process.stderr.write(
      `not fresh:\n${stale.map((path) => `  ${path}\n`).join('')}→ npm run generate, and commit\n`,
    );
    process.exitCode = 1;
  } else process.stdout.write(`${wanted.size} generated files are fresh\n`);
} else {
  const written = writeFiles(root, generatedFolder, wanted);
  process.stdout.write(`${wanted.size} generated files, ${written.length} written\n`);
}
