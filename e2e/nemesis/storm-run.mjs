import { faults } from './faults/deck.mjs';
import { stormOf } from './faults/storm.mjs';
import { ask } from './http.mjs';
import { untilDrained } from './invariants/drained.mjs';
import { checkAll, invariants } from './invariants/invariants.mjs';
import { runBulkLane } from './load/bulk-lane.mjs';
import { closeCycle, closeCycles } from './load/cycles.mjs';
import { spreadPoison } from './load/poison.mjs';
import { feelPressure } from './load/pressure.mjs';
import { reviewHeld } from './load/reviewer.mjs';
import { runSingleLane } from './load/single-lane.mjs';
import { eventually, pause, repeat } from './waiting.mjs';

/** Messages flow before anything is broken: what is broken at rest proves little. */
const warmUpMs = 4_000;
const gapMs = [400, 2_800];
const safetyEveryMs = 5_000;
const cycleEveryMs = 22_000;
const restMs = 90_000;

/** The storm: two lanes of load, faults without pause, then rest, the last payments, and the verdicts. */
export async function runStorm(world, tell) {
  const { options, random, book } = world;
  const load = startLoad(world);
  await pause(warmUpMs);
  const storm = AbortSignal.timeout(options.minutes * 60_000);
  const safety = { verdicts: {} };
  const watching = repeat(async () => noteSafety(world, safety), { everyMs: safetyEveryMs, signal: storm });
  const kinds = options.only ? faults.filter(({ kind }) => options.only.includes(kind)) : faults;
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

function startLoad(world) {
  const { options, random, book, instance, publisher, wiretap, probe } = world;
  const lanes = new AbortController();
  const { signal } = lanes;
  const pressure = feelPressure({ probe, signal });
  const running = [
    runBulkLane({
      instance,
      book,
      random: random.child('bulk'),
      claims: options.claims,
      everyMs: options.everyMs,
      pressure,
      signal,
    }),
    runSingleLane({
      instance,
      book,
      random: random.child('single'),
      perSecond: options.rate,
      pressure,
      signal,
    }),
    closeCycles({ instance, book, everyMs: cycleEveryMs, signal }),
    reviewHeld({ instance, random: random.child('reviews'), everyMs: 4_000, signal }),
    spreadPoison({ book, publisher, wiretap, random: random.child('poison'), signal }),
  ];
  return {
    stop: async () => {
      lanes.abort();
      await Promise.race([Promise.all(running), pause(60_000)]);
    },
  };
}

/** What is approved by now is paid in a last cycle, explained and settled. */
async function settle(world, tell) {
  const { instance } = world;
  tell.step('the last cycle is closed');
  await eventually(async () => (await closeCycle(instance)).status === 200, {
    withinMs: restMs,
    everyMs: 1_000,
  });
  await eventually(() => isSettled(world), { withinMs: restMs, everyMs: 500 });
  await untilDrained(world, { withinMs: restMs });
  await eventually(async () => (await ask(`${instance.services.audit.url}/verify`)).body.verified, {
    withinMs: 20_000,
  });
}

/** Every payment has its answer from the bank and every one its 835. */
async function isSettled({ instance: { databases } }) {
  const [{ open }] = await databases.query(
    'payout',
    `select (select count(*) from payments where status in ('scheduled', 'sent'))::int
       + (select count(*) from cycles where status not in ('closed', 'abandoned'))::int as open`,
  );
  const [{ due }] = await databases.query(
    'remittance',
    `select (select count(*) from remittances where state = 'due')::int
       + (select count(*) from payments where not is_explained)::int as due`,
  );
  return open + due === 0;
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
