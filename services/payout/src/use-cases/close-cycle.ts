import { CannotProceed } from '@remitflow/kernel';
import type { ClosingNeeds } from './closing.ts';
import { finishOrStick } from './finish-or-stick.ts';
import { formCycle, type CloseOrder } from './form-cycle.ts';

/**
 * Closes a cycle: forms it and takes it through every step; after a crash `resumeCycles` goes on. Gives false when the
 * cut-off of the order was done before; throws `cycle.stuck` when it cannot be finished.
 */
export async function closeCycle(needs: ClosingNeeds, order: CloseOrder): Promise<boolean> {
  if (!(await formCycle(needs, order))) return false;
  await finishOrRefuse(needs, order.cycleId);
  return true;
}

/** Finishes every cycle that was begun and is not stuck; gives the ids of those it finished. */
export async function resumeCycles(needs: ClosingNeeds): Promise<string[]> {
  const finished: string[] = [];
  for (;;) {
    const cycleId = await needs.work(({ cycles }) => cycles.unfinished());
    if (cycleId === undefined) return finished;
    if ((await finishOrStick(needs, cycleId)) === undefined) finished.push(cycleId);
  }
}

/** Tries a stuck cycle again, when a person says that its cause is mended; throws `cycle.stuck` when it is not. */
export async function resumeStuckCycle(needs: ClosingNeeds, cycleId: string): Promise<void> {
  const wasStuck = await needs.work(({ cycles }) => cycles.unstick(cycleId));
  if (!wasStuck) throw new CannotProceed('cycle.not-stuck', { cycleId });
  await finishOrRefuse(needs, cycleId);
}

async function finishOrRefuse(needs: ClosingNeeds, cycleId: string): Promise<void> {
  const cause = await finishOrStick(needs, cycleId);
  if (cause) throw new CannotProceed('cycle.stuck', { cycleId, cause: cause.code }, { cause });
}
