import { countFault } from '../book.mjs';
import { pause } from '../waiting.mjs';
import { deckOf } from './deck.mjs';

/** Cards that are drawn to find one whose locks are free, beside those that were put back. */
const cardsDrawn = 30;

/**
 * Does faults until the signal is given, one every `gapMs` or so, overlapping. Resolves when all of them are undone. `onFault` is
 * told of each as it begins.
 */
export async function stormOf({ world, kinds, random, gapMs, signal, onFault }) {
  const deck = deckOf(kinds, random.child('deck'));
  const busy = new Set();
  const underway = new Set();
  const putBack = [];
  for (let number = 1; !signal.aborted; number += 1) {
    await pause(random.between(...gapMs), signal);
    if (signal.aborted) break;
    const dealt = draw({ world, deck, putBack, busy, random: random.child(`fault ${number}`) });
    if (!dealt) continue;
    const { fault, deal } = dealt;
    for (const lock of deal.locks) busy.add(lock);
    const at = Date.now();
    onFault({ kind: fault.kind, target: deal.target, at });
    const running = strike(world, fault, { deal, signal }).finally(() => {
      for (const lock of deal.locks) busy.delete(lock);
      underway.delete(running);
      world.history.push({ kind: fault.kind, target: deal.target, from: at, to: Date.now() });
    });
    underway.add(running);
  }
  await Promise.all(underway);
}

/** The first card whose locks are free: of those that were put back, or else of those that come next. */
function draw({ world, deck, putBack, busy, random }) {
  const passed = [];
  const known = putBack.splice(0);
  for (let looked = 0; looked < known.length + cardsDrawn; looked += 1) {
    const fault = known[looked] ?? deck.next().value;
    const deal = fault.deal(world, random.child(fault.kind));
    if (deal?.locks.every((lock) => !busy.has(lock))) {
      putBack.push(...passed, ...known.slice(looked + 1));
      return { fault, deal };
    }
    passed.push(fault);
  }
  putBack.push(...passed);
  return undefined;
}

async function strike({ book }, fault, { deal, signal }) {
  try {
    const struck = await deal.run(signal);
    for (let count = 0; count < struck; count += 1) countFault(book, fault.kind);
  } catch (error) {
    book.faultTroubles.push(`${fault.kind} (${deal.target}): ${error.message.split('\n')[0]}`);
  }
}
