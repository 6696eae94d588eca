import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal, root, seconds } from './project.mjs';

const lockFile = join(root, 'package-lock.json');
const installed = join(root, 'node_modules', '.package-lock.json');
const marker = join(root, 'node_modules', '.remitflow-installed');
const outputLimit = 64 * 1024 * 1024;

/** Installs the packages when there are none, or when the lock file has changed since. */
export async function installIfStale(report) {
  if (isCurrent()) return;
  const since = performance.now();
  report('installing packages (npm ci)');
  install(report);
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(marker, lockDigest());
  report(`packages installed in ${seconds(since)}`);
}

/** A checkout may touch the lock file without changing it, so the digest decides when the times do not. */
function isCurrent() {
  if (!existsSync(installed) || !existsSync(lockFile)) return false;
  if (statSync(installed).mtimeMs >= statSync(lockFile).mtimeMs) return true;
  return existsSync(marker) && readFileSync(marker, 'utf8') === lockDigest();
}

function lockDigest() {
  return createHash('sha256').update(readFileSync(lockFile)).digest('hex');
}

function install(report) {
  const exact = npm(['ci']);
  if (exact.status === 0) return;
  if (!/EUSAGE|can only install packages when your package\.json/.test(exact.output)) {
    throw refusal(exact.output);
  }
  report('package-lock.json does not fit package.json: npm install');
  const loose = npm(['install']);
  if (loose.status !== 0) throw refusal(loose.output);
}

function npm(args) {
  const all = [...args, '--no-audit', '--no-fund', '--loglevel=error'];
  const bundled = process.env.npm_execpath;
  const [program, before] = bundled?.endsWith('.js') ? [process.execPath, [bundled]] : ['npm', []];
  const result = spawnSync(program, [...before, ...all], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: outputLimit,
    shell: process.platform === 'win32',
    env: { ...process.env, NODE_ENV: 'development' },
  });
  return { status: result.status, output: `${result.stderr}${result.stdout}${result.error ?? ''}` };
}

/** The refusal for what npm said. */
export function refusal(output) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET/.test(output)) {
    return new Refusal(
      'There is no network for packages: npm could not reach its registry.',
      'Check the network, or npm’s proxy and registry settings (npm ping), then run the same command again.',
    );
  }
  if (/ENOSPC/.test(output)) {
    return new Refusal('The disk is full.', 'Free about 1 GB, then run the same command again.');
  }
  if (/EACCES|EPERM/.test(output)) {
    return new Refusal(
      'npm may not write into this folder: it belongs to another user (perhaps an earlier run as root).',
      'Run as the user who owns the folder, or give it to you: sudo chown -R "$USER" .',
    );
  }
  const last = output.trim().split('\n').slice(-12).join('\n');
  return new Refusal(`npm could not install the packages:\n${last}`, 'Run npm ci to see it whole.');
}
