import { pause } from '../waiting.mjs';
import { runBulkLane } from './bulk-lane.mjs';
import { closeCycles } from './cycles.mjs';
import { spreadPoison } from './poison.mjs';
import { feelPressure } from './pressure.mjs';
import { reviewHeld } from './reviewer.mjs';
import { runSingleLane } from './single-lane.mjs';

const cycleEveryMs = 22_000;
const reviewEveryMs = 4_000;
const answersWithinMs = 60_000;

/** Everything that keeps messages flowing: files, single requests, payment cycles, a reviewer, and poison among them. */
export function startLoad(world, { withPoison }) {
  const { options, random, book, instance, publisher, wiretap, probe } = world;
  const ending = new AbortController();
  const { signal } = ending;
  const pressure = feelPressure({ probe, signal });
  const lane = (name) => ({ instance, book, random: random.child(name), pressure, signal });
  const running = [
    runBulkLane({ ...lane('bulk'), claims: options.claims, everyMs: options.everyMs }),
    runSingleLane({ ...lane('single'), perSecond: options.rate }),
    closeCycles({ ...lane('cycles'), everyMs: cycleEveryMs }),
    reviewHeld({ ...lane('reviews'), everyMs: reviewEveryMs }),
    withPoison && spreadPoison({ ...lane('poison'), publisher, wiretap }),
  ];
  return {
    /** Resolves when everything that was sent has its answer. */
    stop: async () => {
      ending.abort();
      await Promise.race([Promise.all(running), pause(answersWithinMs)]);
    },
  };
}
