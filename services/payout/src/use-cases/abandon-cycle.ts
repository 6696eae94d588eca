import { CannotProceed } from '@remitflow/kernel';
import type { Abandonment, Released } from '../domain/cycle.ts';
import type { ClosingNeeds } from './closing.ts';

/**
 * Gives up a cycle whose file nobody can have seen: its payments are over, their trace numbers are used up, and what
 * they were to pay is open again. Nothing is said: no payment was sent, so no remittance exists, and the requests are
 * announced anew by the cycle that pays them.
 */
export async function abandonCycle(needs: ClosingNeeds, order: Abandonment): Promise<Released> {
  const { cycleId } = order;
  const { released, file } = await needs.work(async ({ cycles, payments }) => {
    const { status } = await cycles.lock(cycleId);
    if (status === 'abandoned') throw new CannotProceed('cycle.abandoned', { cycleId });
    if (status === 'transmitting' || status === 'closed') {
      throw new CannotProceed('cycle.may-be-visible', { cycleId, status });
    }
    await cycles.abandon(order, needs.now());
    return { released: await payments.abandon(order), file: await cycles.file(cycleId) };
  });
  if (file) await needs.rail.takeAway(file.fileName);
  needs.log.warn({ ...released, cycleId, by: order.by }, 'a cycle was abandoned');
  return released;
}
