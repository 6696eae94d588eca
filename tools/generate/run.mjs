import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformFileSync } from '@swc/core';

/**
 * Runs a workshop tool that is written in TypeScript: `node tools/generate/run.mjs generate --check`. The libraries it
 * imports are built first (nx remembers them), the tool itself is translated beside its sources into dist/.
 */
const root = resolve(import.meta.dirname, '../..');
const libraries = ['kernel', 'contracts', 'persistence', 'messaging'];
const outputLimit = 16 * 1024 * 1024;

const [tool, ...args] = process.argv.slice(2);
if (tool === 'generate') buildLibraries();
const entry = translate(join(root, 'tools', tool));
process.argv = [process.argv[0], entry, ...args];
await import(pathToFileURL(entry).href);

function buildLibraries() {
  const nx = createRequire(import.meta.url).resolve('nx/bin/nx.js');
  const projects = libraries.map((name) => `@remitflow/${name}`).join(',');
  const result = spawnSync(
    process.execPath,
    [nx, 'run-many', '-t', 'build', '-p', projects, '--outputStyle=static'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: outputLimit,
      env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' },
    },
  );
  if (result.status === 0) return;
  process.stderr.write(
    `the libraries do not build:\n${result.stdout}${result.stderr}${result.error ?? ''}\n`,
  );
  process.exit(1);
}

/** The tool's folder as JavaScript; answers its main file. */
function translate(folder) {
  const out = join(folder, 'dist');
  rmSync(out, { recursive: true, force: true });
  const sources = readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .filter((file) => !/^(dist|templates)\b/.test(file));
  for (const source of sources) {
    const target = join(out, source.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    const { code } = transformFileSync(join(folder, source), {
      configFile: join(root, '.swcrc'),
      swcrc: false,
      sourceMaps: false,
      sourceFileName: relative(root, source),
    });
    writeFileSync(target, code);
  }
  return join(out, 'main.js');
}
