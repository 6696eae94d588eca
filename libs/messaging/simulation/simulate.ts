import { planFaults } from './faults/schedule.ts';
import { finalInvariants, type Finding } from './invariants.ts';
import type { Wrapping } from './wrapping.ts';
import { play } from './virtual-time.ts';
import { Watch } from './watch.ts';
import { World } from './world.ts';

export type SimulationOptions = {
  /** Nothing goes wrong. */
  readonly withoutFaults?: boolean;
  /** Takes a safeguard away. */
  readonly wrapping?: Wrapping;
  /** Keeps every line of what happened. */
  readonly keepsLines?: boolean;
  /** Nobody will compare what happened. */
  readonly unhashed?: boolean;
};

/** What became of one seed. Everything in it is the same whenever and wherever the seed is run. */
export type Report = {
  readonly seed: number;
  readonly events: number;
  readonly hash: string;
  readonly faults: Readonly<Record<string, number>>;
  readonly invariants: Readonly<Record<string, Finding>>;
  /** From the last fault to the end of everything, in simulated milliseconds. */
  readonly drainedMs: number;
  readonly lines: readonly string[];
};

const faultsWithinMs = 3_000;
const lookEveryMs = 250;
/** After the last fault, or after the last retry that was due, everything must have come to its end. */
const drainsWithinMs = 60_000;
/** … but no series of retries goes on for longer than this. */
const patienceMs = 30 * 60_000;
/** A service that is told to end while all is well has ended after this. */
const closesWithinMs = 10_000;

/** Plays one seed from beginning to end. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<Report> {
  const world = new World({ seed, ...options });
  world.begin(faultsWithinMs);
  const overAtMs = options.withoutFaults ? faultsWithinMs : planFaults(world, faultsWithinMs);
  const watch = new Watch(world);
  const drainedAtMs = await untilDrained(world, overAtMs);
  watch.stopped = true;
  const found = checked(world, watch.checks);
  if (drainedAtMs !== undefined) await leave(world, found);
  return {
    seed,
    events: world.journal.events,
    hash: world.journal.hash,
    faults: Object.fromEntries(world.journal.faults),
    invariants: found,
    drainedMs: (drainedAtMs ?? world.time.nowMs) - overAtMs,
    lines: world.journal.lines ?? [],
  };
}

/** When everything had come to its end without anybody restarting anything; undefined when it never did. */
async function untilDrained(world: World, overAtMs: number): Promise<number | undefined> {
  const { time, journal } = world;
  let deadlineMs = overAtMs + drainsWithinMs;
  let drainedAtMs: number | undefined;
  let isGivenUp = false;
  const look = (): void => {
    const unfinished = world.unfinished();
    if (unfinished.length === 0) {
      drainedAtMs = time.nowMs;
      return;
    }
    deadlineMs = Math.max(deadlineMs, Math.min(world.lastDueMs + drainsWithinMs, overAtMs + patienceMs));
    if (time.nowMs > deadlineMs) {
      journal.break('drains', unfinished.join('; '));
      isGivenUp = true;
    } else time.after(lookEveryMs, look);
  };
  time.after(overAtMs + 1, look);
  await play(time, () => isGivenUp || drainedAtMs !== undefined);
  return drainedAtMs;
}

type Findings = Record<string, Finding>;

function checked(world: World, watched: number): Findings {
  const found: Findings = {};
  for (const [name, check] of Object.entries(finalInvariants)) found[name] = check(world);
  const seen = world.journal.broken;
  for (const name of ['ready-means-consuming', 'drift-is-not-ready', 'bounded-memory']) {
    found[name] = { checked: watched, violations: seen.get(name) ?? [] };
  }
  for (const name of ['drains', 'settles-once'])
    found[name] = { checked: 1, violations: seen.get(name) ?? [] };
  return found;
}

/** Ends every service the ordinary way: each must end in time, and leave nothing behind. */
async function leave(world: World, found: Findings): Promise<void> {
  const { time, broker, hosts, journal } = world;
  const lives = hosts.flatMap((host) => host.lives.map((life) => ({ host, life })));
  for (const { host, life } of lives) {
    host.isClosing = true;
    host.leave(life);
  }
  const deadlineMs = time.nowMs + closesWithinMs;
  const isOver = (): boolean => lives.every(({ life }) => !life.process.isAlive);
  time.after(closesWithinMs, () => undefined);
  await play(time, () => isOver() || time.nowMs >= deadlineMs);
  for (const { life } of lives)
    if (life.process.isAlive) journal.break('closes', `${life.process.name} did not end`);
  for (const link of broker.links)
    if (lives.some(({ life }) => life.process === link.process))
      journal.break('closes', `${link.name} is still open`);
  found['closes'] = { checked: lives.length, violations: journal.broken.get('closes') ?? [] };
}
