/** `npm run nemesis`: see README.md. Builds what is stale first, since the services run from their builds. */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readOptions, usage } from './options.mjs';

const root = resolve(import.meta.dirname, '..', '..');
const say = (text) => process.stderr.write(`${text}\n`);

let options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  say(`${error.message}\n\n${usage}`);
  process.exit(2);
}
if (options.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const { prepare } = await import(pathToFileURL(join(root, 'tools', 'bootstrap', 'prepare.mjs')).href);
await prepare(say);
const { runNemesis } = await import('./main.mjs');
process.exit(await runNemesis(options));
