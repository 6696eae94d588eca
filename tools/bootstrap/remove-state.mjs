import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Refusal, root, run, stateFolder } from './project.mjs';
import { recordedIn, stop } from './recorded.mjs';

const runGraceMs = 60_000;
const postgresGraceMs = 20_000;
const rabbitGraceMs = 5_000;
const marks = ['servers.json', 'ports.json', 'secrets.json', 'logs', 'cache', 'test'];

/** Stops what the state folder records and removes the folder: the next start begins from nothing. */
export function removeState() {
  return run(async () => {
    if (!existsSync(stateFolder)) {
      process.stdout.write(`nothing to remove: ${stateFolder} does not exist\n`);
      return;
    }
    requireStateFolder();
    const recorded = recordedIn(stateFolder);
    await stopEverything(recorded);
    for (const { project } of recorded.docker) removeContainers(project);
    for (const folder of recorded.temporaryFolders) removeTemporary(folder);
    rmSync(stateFolder, { recursive: true, force: true });
    process.stdout.write(`removed ${stateFolder}\n`);
  });
}

/** REMITFLOW_STATE could name any folder; only one that remitflow has filled may be deleted. */
function requireStateFolder() {
  const names = readdirSync(stateFolder);
  const holdsProject = `${root}/`.startsWith(`${stateFolder}/`);
  if (!holdsProject && (names.length === 0 || names.some((name) => marks.includes(name)))) return;
  throw new Refusal(
    `${stateFolder} does not look like a state folder of remitflow; it was not removed.`,
    'Unset REMITFLOW_STATE, or set it to the folder that was used for the start.',
  );
}

/** A living run first: it stops its own services and servers in the right order. */
async function stopEverything({ holders, supervised, postgres, rabbit, guards }) {
  for (const one of holders) await stop(one, 'SIGTERM', runGraceMs);
  for (const one of supervised) await stop(one, 'SIGTERM', runGraceMs);
  for (const one of postgres) await stop(one, 'SIGINT', postgresGraceMs);
  for (const one of rabbit) await stop(one, 'SIGTERM', rabbitGraceMs);
  for (const one of guards) await stop(one, 'SIGTERM', rabbitGraceMs);
}

function removeContainers(project) {
  spawnSync('docker', ['compose', '-p', project, 'down', '--volumes'], { stdio: 'ignore' });
}

function removeTemporary(folder) {
  const ours = basename(folder).startsWith('remitflow-') && dirname(folder) === tmpdir();
  if (ours) rmSync(join(folder), { recursive: true, force: true });
}
