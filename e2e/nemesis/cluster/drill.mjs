/**
 * What a cluster of three does to a publisher with confirms, without any of our services: each fault in turn, how long until
 * confirms come again, and at the end which confirmed messages are lost. The last line is one JSON document.
 *
 *   node e2e/nemesis/cluster/drill.mjs [--next] [--state DIR] [--fault TEXT]     --next: RabbitMQ 4 of the next Debian release
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openHerd } from '../herd.mjs';
import { openRabbitCluster } from './open.mjs';
import { openSteadyPublisher } from './steady-publisher.mjs';

const { values } = parseArgs({
  options: {
    next: { type: 'boolean', default: false },
    state: { type: 'string' },
    fault: { type: 'string', default: '' },
  },
});
const stateDir = values.state ?? mkdtempSync(join(tmpdir(), 'remitflow-cluster-'));
const cacheDir = process.env.REMITFLOW_CACHE ?? resolve(import.meta.dirname, '../../../.remitflow/cache');
const say = (text) => process.stderr.write(`${text}\n`);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const queue = 'drill';
/** Queues that were declared a moment before a kill are another story: RabbitMQ loses those. */
const settleMs = 3_000;

const faults = {
  'leader killed': async ({ leader, measure }) => {
    await leader.kill();
    await measure();
    await leader.restart();
  },
  'follower killed': async ({ followers: [follower], measure }) => {
    await follower.kill();
    await measure();
    await follower.restart();
  },
  'leader frozen for 15 s': async ({ leader, measure }) => {
    leader.stop();
    const thaw = pause(15_000).then(() => leader.cont());
    await measure();
    await thaw;
  },
  'leader cut off': async ({ leader, cluster, measure }) => {
    await cluster.partition(leader);
    await measure();
    await cluster.heal();
  },
  'leader falls silent': async ({ leader, cluster, measure }) => {
    await cluster.partition(leader, { silent: true });
    await measure();
    await cluster.heal();
  },
  'majority killed, back after 5 s': async ({ leader, followers: [follower], measure }) => {
    await Promise.all([leader.kill(), follower.kill()]);
    await pause(5_000);
    const back = Promise.all([leader.restart(), follower.restart()]);
    await measure();
    await back;
  },
  'node wiped and joined again': async ({ followers: [follower], cluster, measure }) => {
    const replaced = cluster.replace(follower);
    await measure();
    await replaced;
  },
};

mkdirSync(stateDir, { recursive: true });
const herd = openHerd(stateDir);
process.once('SIGINT', () => leave(130)).once('SIGTERM', () => leave(130));
let rabbit;
try {
  rabbit = await openRabbitCluster({ stateDir, cacheDir, herd, report: say, next: values.next });
  const report = await drill(rabbit);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exitCode = report.lost === 0 ? 0 : 1;
} catch (error) {
  say(error.stack);
  process.exitCode = 1;
} finally {
  await rabbit?.close();
  leave(process.exitCode);
}

async function drill({ version, nodes, cluster }) {
  const publisher = await openSteadyPublisher({ nodes, queue });
  await pause(settleMs);
  const resumedAfterMs = {};
  const wanted = Object.entries(faults).filter(([name]) => name.includes(values.fault));
  for (const [name, strike] of wanted) {
    const leader = await cluster.leaderOf(queue);
    const followers = nodes.filter((node) => node !== leader);
    const since = Date.now();
    await strike({
      leader,
      followers,
      cluster,
      measure: async () => {
        resumedAfterMs[name] = await publisher.untilSteady(since);
        say(`${name}: confirms again after ${resumedAfterMs[name]} ms`);
      },
    });
    await cluster.untilWhole();
    await pause(settleMs);
  }
  return {
    version,
    resumedAfterMs,
    nodesRestartedToEndAPartition: cluster.mended,
    ...(await publisher.finish()),
  };
}

function leave(code) {
  herd.close();
  if (!values.state) rmSync(stateDir, { recursive: true, force: true });
  process.exit(code);
}
