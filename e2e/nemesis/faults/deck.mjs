import * as broker from './broker-faults.mjs';
import * as channel from './channel-faults.mjs';
import * as database from './database-faults.mjs';
import * as message from './message-faults.mjs';
import * as network from './network-faults.mjs';
import * as people from './people-faults.mjs';
import * as service from './service-faults.mjs';

/**
 * Every fault there is. Each has a kind, the number of its cards in a deck, and `deal(world, draw)`: a target, the locks it
 * needs (faults that share one do not overlap), and `run(signal)`, which does it, undoes it after a while or when the signal is
 * given, and gives how many faults that were. Nothing is dealt when there is nothing to be done it to.
 */
export const faults = [service, broker, channel, database, network, message, people].flatMap((module) =>
  Object.values(module).flat(),
);

/** Cards dealt from shuffled decks without end: every kind comes up in each deck. */
export function* deckOf(kinds, random) {
  const cards = kinds.flatMap((fault) => Array.from({ length: fault.cards }, () => fault));
  for (;;) yield* random.shuffled(cards);
}
