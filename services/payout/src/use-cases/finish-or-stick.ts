import { BrokenInvariant, CannotProceed } from '@remitflow/kernel';
import type { ClosingNeeds } from './closing.ts';
import { finishCycle } from './finish-cycle.ts';

type Cause = BrokenInvariant | CannotProceed;

/**
 * Finishes a cycle, or marks it as stuck when that can never succeed by itself, and gives the cause: one broken cycle
 * must not hold back the others. Trouble that passes is thrown on.
 */
export async function finishOrStick(needs: ClosingNeeds, cycleId: string): Promise<Cause | undefined> {
  try {
    await finishCycle(needs, cycleId);
    return undefined;
  } catch (error) {
    if (!(error instanceof BrokenInvariant || error instanceof CannotProceed)) throw error;
    const { code, message } = error;
    await needs.work(({ cycles }) => cycles.stick(cycleId, { code, message, at: needs.now() }));
    needs.log.error({ cycleId, code, reason: message }, 'a cycle is stuck and needs a person');
    return error;
  }
}
