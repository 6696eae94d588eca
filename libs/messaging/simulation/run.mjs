import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * Plays seeds by hand: `node libs/messaging/simulation/run.mjs --seeds 100000 --first 10000`, or one of them with every
 * line of what happened: `--seed 4711`.
 */
const root = resolve(import.meta.dirname, '../../..');
const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    first: { type: 'string' },
    seed: { type: 'string' },
  },
});

const spec = values.seed === undefined ? 'simulation/seeds-(even|odd)' : 'simulation/replay';
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
    ...['--selectProjects', 'unit', '--maxWorkers', '2', '--testPathPatterns', spec],
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_NO_WARNINGS: '1',
      ...(values.seeds && { SEEDS: values.seeds }),
      ...(values.first && { FIRST_SEED: values.first }),
      ...(values.seed && { REPLAY_SEED: values.seed }),
    },
  },
);
process.exitCode = status ?? 1;
