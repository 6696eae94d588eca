import { clusterFaults } from './cluster/cluster-faults.mjs';
import { faults } from './faults/deck.mjs';
import { stormOf } from './faults/storm.mjs';
import { untilDrained } from './invariants/drained.mjs';
import { checkAll, invariants } from './invariants/invariants.mjs';
import { startLoad } from './load/lanes.mjs';
import { settle } from './rest.mjs';
import { pause, repeat } from './waiting.mjs';

/** Messages flow before anything is broken: what is broken at rest proves little. */
const warmUpMs = 4_000;
const gapMs = [300, 2_300];
const safetyEveryMs = 5_000;

/** The storm: two lanes of load, faults without pause, then rest, the last payments, and the verdicts. */
export async function runStorm(world, tell) {
  const { options, random, book } = world;
  const load = startLoad(world, { withPoison: true });
  await pause(warmUpMs);
  const storm = AbortSignal.timeout(options.minutes * 60_000);
  const safety = { verdicts: {} };
  const watching = repeat(async () => noteSafety(world, safety), { everyMs: safetyEveryMs, signal: storm });
  const all = options.cluster ? [...faults, ...clusterFaults] : faults;
  const kinds = options.only ? all.filter(({ kind }) => options.only.includes(kind)) : all;
  await stormOf({ world, kinds, random, gapMs, signal: storm, onFault: (fault) => tell.fault(fault, world) });
  await watching;
  const lastFaultAt = Date.now();
  tell.step('the last fault is undone: load ends, and everything has to come to rest by itself');
  await load.stop();
  const rest = await untilDrained(world, { tell });
  world.drainedSeconds = rest === undefined ? undefined : (Date.now() - lastFaultAt) / 1000;
  tell.step(
    rest === undefined
      ? `not drained: ${JSON.stringify(world.left)}`
      : `drained after ${world.drainedSeconds.toFixed(1)} s`,
  );
  await settle(world, tell);
  return withSafety(await checkAll(world), safety.verdicts, book);
}

/** Violations of safety are kept from the moment they are seen: some heal, and have happened all the same. */
async function noteSafety(world, safety) {
  const verdicts = await checkAll(
    world,
    invariants.filter(({ isSafety }) => isSafety),
  );
  for (const [name, { violations }] of Object.entries(verdicts)) {
    const real = violations.filter((text) => !text.startsWith('could not be looked at'));
    if (real.length > 0) safety.verdicts[name] = real;
  }
}

function withSafety(verdicts, seen) {
  for (const [name, violations] of Object.entries(seen)) {
    const known = new Set(verdicts[name].violations);
    for (const text of violations) if (!known.has(text)) verdicts[name].violations.push(text);
  }
  return verdicts;
}
