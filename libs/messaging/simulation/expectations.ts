import { findFact, type ServiceName } from '@remitflow/contracts';
import { uuidV5 } from '@remitflow/kernel';
import { decodeBody } from '../src/core/body.ts';
import { itemsIn } from './claims.ts';
import type { DeadLetterEntry, Said } from './store/tables.ts';
import { keyOf } from './troubles.ts';
import type { World } from './world.ts';

/** A service, a fact and an item (or a message, for the audit trail), and how often they came together. */
export type Counts = ReadonlyMap<string, number>;

/** Everything that was said, by whoever said it. */
export const everythingSaid = (world: World): Said[] =>
  world.hosts.flatMap(({ parts: { store } }) => [...store.tables.said.values()]);

/** What must have been done about what was said: each item once by each that hears it, unless it must be parked. */
export function expectedEffects(world: World): Map<string, number> {
  const expected = new Map<string, number>();
  for (const { messageId, fact, itemIds } of everythingSaid(world)) {
    for (const service of findFact(fact)!.heardBy) {
      if (service === 'audit') {
        expected.set(keyOf({ service, fact, itemId: messageId }), 1);
        continue;
      }
      for (const itemId of itemIds) {
        const meeting = { service, fact, itemId };
        const kind = world.troubles.kindOf(meeting);
        expected.set(keyOf(meeting), kind === 'poison' || kind === 'killer' ? 0 : 1);
      }
    }
  }
  return expected;
}

export function actualEffects(world: World): Map<string, number> {
  const actual = new Map<string, number>();
  for (const { service, parts } of world.hosts) {
    for (const { fact, itemId } of parts.store.tables.effects)
      count(actual, keyOf({ service, fact, itemId }));
  }
  return actual;
}

/** Why a message may be parked, and which: the error that says so, and what tells it from the others. */
export function expectedDead(world: World): Map<string, number> {
  const expected = new Map<string, number>();
  for (const { fact, itemIds } of everythingSaid(world)) {
    for (const service of findFact(fact)!.heardBy) {
      for (const itemId of itemIds) {
        const kind = world.troubles.kindOf({ service, fact, itemId });
        if (kind === 'poison') count(expected, `${service} simulation.poison ${fact} ${itemId}`);
        if (kind === 'killer') count(expected, `${service} message.crash-loop ${fact} ${itemId}`);
      }
    }
  }
  for (const { kind, service, message } of world.injected) {
    const { id, digest } = message.envelope;
    if (kind === 'stranger') expected.set(`${service} message.unsupported-fact ${id}`, 1);
    else expected.set(`${service} inbox.digest-conflict ${uuidV5(id, digest)}`, 1);
  }
  return expected;
}

export function actualDead(world: World): Map<string, number> {
  const actual = new Map<string, number>();
  for (const [service, letter] of everyDeadLetter(world)) {
    const code = letter.attempts.at(-1)?.code ?? 'no history';
    count(actual, `${service} ${code} ${nameOf(letter, code)}`);
  }
  return actual;
}

export const everyDeadLetter = (world: World): [ServiceName, DeadLetterEntry][] =>
  world.hosts.flatMap(({ service, parts: { store } }) =>
    [...store.tables.deadLetters.values()].map((letter): [ServiceName, DeadLetterEntry] => [service, letter]),
  );

function nameOf({ messageId, envelope, body }: DeadLetterEntry, code: string): string {
  if (code !== 'simulation.poison' && code !== 'message.crash-loop') return messageId;
  const items = itemsIn(decodeBody(body, envelope.digest) as object);
  return `${envelope.type} ${items.map(({ itemId }) => itemId).join(' ')}`;
}

const count = (counts: Map<string, number>, key: string): unknown =>
  counts.set(key, (counts.get(key) ?? 0) + 1);
