import { amountOf } from './claims.ts';
import {
  actualDead,
  actualEffects,
  everyDeadLetter,
  everythingSaid,
  expectedDead,
  expectedEffects,
  type Counts,
} from './expectations.ts';
import type { World } from './world.ts';

export type Finding = { readonly checked: number; readonly violations: readonly string[] };

/** The rules that hold when all is quiet, each by its name. */
export const finalInvariants = {
  'each-said-heard-once': (world) => {
    const [expected, actual] = [expectedEffects(world), actualEffects(world)];
    const business = [...expected].filter(([key]) => !key.startsWith('audit '));
    const missing = business.filter(([key, times]) => (actual.get(key) ?? 0) < times);
    return {
      checked: business.length,
      violations: [...missing.map(([key]) => `nothing came of ${key}`), ...unsaid(world)],
    };
  },

  'nothing-doubled': (world) => {
    const [expected, actual] = [expectedEffects(world), actualEffects(world)];
    const doubled = [...actual].filter(([key, times]) => times > (expected.get(key) ?? 0));
    return {
      checked: actual.size,
      violations: [...doubled.map(([key, times]) => `${times} times ${key}`), ...saidTwice(world)],
    };
  },

  'audit-complete': (world) => {
    const actual = actualEffects(world);
    const expected = [...expectedEffects(world)].filter(([key]) => key.startsWith('audit '));
    const wrong = expected.filter(([key]) => actual.get(key) !== 1);
    return {
      checked: expected.length,
      violations: wrong.map(([key]) => `${actual.get(key) ?? 0} records of ${key}`),
    };
  },

  'dead-letters-are-the-poison': (world) => {
    const [expected, actual] = [expectedDead(world), actualDead(world)];
    return {
      checked: expected.size + actual.size,
      violations: [...differences(expected, actual), ...bare(world)],
    };
  },

  'digest-conflicts-seen': (world) => {
    const actual = actualDead(world);
    const altered = [...expectedDead(world).keys()].filter((key) => key.includes(' inbox.digest-conflict '));
    const unseen = altered.filter((key) => !actual.has(key)).map((key) => `not seen: ${key}`);
    return { checked: altered.length, violations: [...unseen, ...believed(world)] };
  },
} satisfies Record<string, (world: World) => Finding>;

/** A submission must have been said, and what one service did must have been said on. */
function unsaid(world: World): string[] {
  const submitted = new Set(
    everythingSaid(world).flatMap(({ fact, itemIds }) => itemIds.map((id) => `${fact} ${id}`)),
  );
  return world.submissions
    .flat()
    .filter(({ itemId }) => !submitted.has(`requests.submitted.v1 ${itemId}`))
    .map(({ itemId }) => `never submitted: ${itemId}`);
}

/** Nobody says the same of one item in two messages. */
function saidTwice(world: World): string[] {
  const times = new Map<string, number>();
  for (const { fact, itemIds } of everythingSaid(world)) {
    for (const itemId of itemIds) times.set(`${fact} ${itemId}`, (times.get(`${fact} ${itemId}`) ?? 0) + 1);
  }
  return [...times].filter(([, count]) => count > 1).map(([key, count]) => `said ${count} times: ${key}`);
}

function differences(expected: Counts, actual: Counts): string[] {
  const keys = [...new Set([...expected.keys(), ...actual.keys()])];
  return keys
    .filter((key) => (expected.get(key) ?? 0) !== (actual.get(key) ?? 0))
    .map((key) => `${actual.get(key) ?? 0} instead of ${expected.get(key) ?? 0}: ${key}`);
}

/** A dead letter that does not say what happened to it, or when. */
const bare = (world: World): string[] =>
  everyDeadLetter(world)
    .filter(
      ([, { attempts, fingerprint, body }]) =>
        attempts.length === 0 ||
        fingerprint === '' ||
        body.length === 0 ||
        attempts.some(({ at, code }) => !at || !code),
    )
    .map(([service, { messageId }]) => `${service} parked ${messageId} without its history`);

/** Somebody acted on amounts that nobody said. */
const believed = (world: World): string[] =>
  world.hosts.flatMap(({ service, parts: { store } }) =>
    service === 'audit'
      ? []
      : store.tables.effects
          .filter(({ itemId, amountCents }) => amountCents !== amountOf(itemId))
          .map(({ fact, itemId }) => `${service} believed an altered ${fact} of ${itemId}`),
  );
