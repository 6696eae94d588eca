import { serviceNames } from '@remitflow/contracts';
import { untilDrained } from '../invariants/drained.mjs';
import { startLoad } from '../load/lanes.mjs';
import { settle } from '../rest.mjs';
import { pause } from '../waiting.mjs';
import { peaceful, verdictsOf } from './verdicts.mjs';

const flowMs = 8_000;

/** PostgreSQL hangs for a minute under load: nothing is lost, and no process is started again. */
export async function run(world, tell) {
  const { instance, servers, options } = world;
  const pausedMs = Math.round(Math.min(1, options.minutes) * 60_000);
  const pids = () => serviceNames.map((name) => instance.services[name].process.pid).join();
  const before = pids();
  const load = startLoad(world, { withPoison: false });
  await pause(flowMs);
  tell.step(`PostgreSQL is stopped for ${pausedMs / 1000} s`);
  servers.postgres.stop();
  await pause(pausedMs);
  servers.postgres.cont();
  const resumedAt = Date.now();
  tell.step('PostgreSQL goes on');
  await pause(flowMs);
  await load.stop();
  const rest = await untilDrained(world, { tell });
  world.drainedSeconds = rest === undefined ? undefined : (Date.now() - resumedAt) / 1000;
  await settle(world, tell);
  const restarted = pids() === before ? [] : [`the processes were ${before} and are ${pids()}`];
  return {
    'no-restart-needed': { checked: serviceNames.length, violations: restarted },
    ...(await verdictsOf(world, peaceful)),
  };
}
