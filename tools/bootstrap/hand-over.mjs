import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare } from './prepare.mjs';
import { root, run, stepWriter } from './project.mjs';

/** Prepares the project and becomes the command-line tool, in this very process: its signals and exit code are ours. */
export function runCli(args) {
  return run(async () => {
    const starts = args[0] === 'start';
    await prepare(starts ? stepWriter(args) : (step) => process.stderr.write(`${step}\n`));
    const main = join(root, 'tools', 'cli', 'dist', 'main.js');
    process.argv = [process.argv[0], main, ...args];
    await import(pathToFileURL(main).href);
  });
}
