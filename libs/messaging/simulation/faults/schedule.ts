import type { World } from '../world.ts';
import { brokerFaults } from './broker-faults.ts';
import type { Fault } from './fault.ts';
import { messageFaults } from './message-faults.ts';
import { processFaults } from './process-faults.ts';
import { storeFaults } from './store-faults.ts';

export const everyFault: readonly Fault[] = [
  ...processFaults,
  ...brokerFaults,
  ...storeFaults,
  ...messageFaults,
];

const faultsLeast = 3;
const faultsMost = 9;
/** Kinds that one seed draws from: few kinds many times find other things than many kinds once. */
const kindsMost = 6;

/** Plans what goes wrong, overlapping, within the time given; answers when the last of it is over. */
export function planFaults(world: World, withinMs: number): number {
  const chance = world.chance.fork();
  const kinds = Array.from({ length: chance.between(2, kindsMost) }, () => chance.pick(everyFault)!);
  let overAtMs = withinMs;
  for (let left = chance.between(faultsLeast, faultsMost); left > 0; left -= 1) {
    const fault = chance.pick(kinds)!;
    const atMs = chance.between(0, withinMs);
    const lastsMs = chance.between(Math.min(200, fault.mostMs), fault.mostMs);
    overAtMs = Math.max(overAtMs, atMs + lastsMs);
    world.time.after(atMs, () => {
      const end = fault.begin({ world, chance });
      if (!end) return;
      world.time.after(lastsMs, () => {
        world.journal.note(`over: ${fault.kind}`);
        end();
      });
    });
  }
  return overAtMs;
}
