import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Refusal, root, seconds } from './project.mjs';

const cacheFolder = join(root, 'node_modules', '.cache', 'remitflow');
const marker = join(cacheFolder, 'build.json');
const workspaces = ['libs', 'services', 'tools'];
const toolchain = ['.swcrc', 'tsconfig.json', 'package-lock.json', 'nx.json'];
const outputLimit = 64 * 1024 * 1024;

/** Builds when a source file has changed since the last build; nothing at all is started when none has. */
export async function buildIfStale(report) {
  const packages = builtPackages();
  const before = readMarker();
  const now = fingerprints(packages);
  const stale = packages.filter(
    (folder) => before[folder] !== now[folder] || !existsSync(join(root, folder, 'dist')),
  );
  if (stale.length === 0) return;
  const since = performance.now();
  report(`building ${stale.length} of ${packages.length} packages`);
  // swc leaves the output of deleted sources behind, and a deleted migration must not run.
  for (const folder of stale) rmSync(join(root, folder, 'dist'), { recursive: true, force: true });
  build();
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(marker, JSON.stringify(now, null, 2));
  report(`built in ${seconds(since)}`);
}

function builtPackages() {
  const folders = workspaces
    .filter((parent) => existsSync(join(root, parent)))
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(parent, name)));
  return folders.filter((folder) => {
    const file = join(root, folder, 'package.json');
    return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).scripts?.build !== undefined;
  });
}

function readMarker() {
  try {
    return JSON.parse(readFileSync(marker, 'utf8'));
  } catch {
    return {};
  }
}

/** One digest a package, over names, sizes and times of its sources and of the build tools' settings. */
function fingerprints(packages) {
  const settings = toolchain.map((name) => stamp(join(root, name)));
  const digest = (folder) => {
    const files = sources(join(root, folder, 'src'));
    const stamps = [...files, join(root, folder, 'package.json')].map(stamp);
    return createHash('sha256')
      .update([...settings, ...stamps].join('\n'))
      .digest('hex');
  };
  return Object.fromEntries(packages.map((folder) => [folder, digest(folder)]));
}

function sources(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function stamp(file) {
  if (!existsSync(file)) return `${relative(root, file)} absent`;
  const { size, mtimeMs } = statSync(file);
  return `${relative(root, file)} ${size} ${mtimeMs}`;
}

function build() {
  const nx = join(root, 'node_modules', 'nx');
  const program = join(nx, JSON.parse(readFileSync(join(nx, 'package.json'), 'utf8')).bin.nx);
  const result = spawnSync(process.execPath, [program, 'run-many', '-t', 'build', '--outputStyle=static'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: outputLimit,
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' },
  });
  if (result.status === 0) return;
  const output = `${result.stdout}${result.stderr}${result.error ?? ''}`;
  const last = output.trim().split('\n').slice(-30).join('\n');
  throw new Refusal(`The build failed:\n${last}`, 'Run npm run build to see it whole.');
}
