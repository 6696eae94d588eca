/** Builds what is stale and measures: `npm run bench -- [part …] [--quick] [--json] …`, see README.md. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfStale } from '../tools/bootstrap/build.mjs';
import { Refusal, root, run } from '../tools/bootstrap/project.mjs';

const folder = import.meta.dirname;
const [sources, built] = [join(folder, 'src'), join(folder, 'dist')];

const newest = (from) =>
  existsSync(from)
    ? Math.max(
        0,
        ...readdirSync(from, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs),
      )
    : 0;

function buildBench() {
  if (newest(built) > newest(sources)) return;
  rmSync(built, { recursive: true, force: true });
  const compiler = join(root, 'node_modules', '@swc', 'cli', 'bin', 'swc.js');
  const options = [
    'src',
    '-d',
    'dist',
    '--strip-leading-paths',
    '--copy-files',
    '--config-file',
    '../.swcrc',
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, ...options], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Refusal(`The benchmark does not build:\n${stdout}${stderr}`, 'Mend it.');
}

await run(async () => {
  await buildIfStale((step) => process.stderr.write(`${step}\n`));
  buildBench();
  const { main } = await import('./dist/main.js');
  process.exitCode = await main(process.argv.slice(2));
});
