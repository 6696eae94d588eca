import { resolve } from 'node:path';
import { runNew } from './run-new.ts';

const { exitCode, out, error } = await runNew(
  resolve(import.meta.dirname, '../../..'),
  process.argv.slice(2),
);
process.stdout.write(out);
process.stderr.write(error);
process.exitCode = exitCode;
