import { cutBulk, itemsPerFactMax, PayoutsClosed, PayoutsScheduled, PayoutsSent } from '@remitflow/contracts';
import { BrokenInvariant } from '@remitflow/kernel';
import type { Cycle, SentPayment } from '../domain/cycle.ts';
import { buildFile } from './build-file.ts';
import { isOutdated } from './date-file.ts';
import type { ClosingNeeds, ClosingWork } from './closing.ts';

/**
 * Takes a cycle through every step that is left. Dying anywhere loses nothing: each step is one transaction that finds
 * out where the cycle stands.
 */
export async function finishCycle(needs: ClosingNeeds, cycleId: string): Promise<void> {
  for (;;) {
    const cycle = await needs.work(({ cycles }) => cycles.lock(cycleId));
    if (isOver(cycle)) return;
    if (cycle.status === 'formed') await announcePart(needs, cycleId);
    else if (cycle.status === 'announced' && cycle.payments > 0) await buildFile(needs, cycleId);
    else if (cycle.status === 'built') await decideToTransmit(needs, cycleId);
    else await transmitAndClose(needs, cycleId);
  }
}

const isOver = ({ status }: Cycle): boolean => status === 'closed' || status === 'abandoned';

/** Three ids and an amount, with their names. */
const announcedBytesMax = 200;

/** Facts of one transaction: a cycle of any size is announced in bounded memory, and those who hear it can begin. */
const factsPerAnnouncement = 5;

async function announcePart(needs: ClosingNeeds, cycleId: string): Promise<void> {
  await needs.work(async ({ cycles, payables, outbox }) => {
    const { status, announcedParts, announcedUntil, announcedPartId } = await cycles.lock(cycleId);
    if (status !== 'formed') return;
    const most = itemsPerFactMax * factsPerAnnouncement;
    const behind = { traceNumber: announcedUntil, partId: announcedPartId };
    const { requests, until, isLast } = await payables.ofCycle(cycleId, { ...behind, most });
    const runs = cutBulk(requests, { weigh: () => announcedBytesMax });
    for (const [n, run] of runs.entries()) {
      const key = `${cycleId}/${announcedParts + n + 1}`;
      outbox.add(PayoutsScheduled, { cycleId, requests: run }, { key, correlationId: cycleId });
    }
    if (until) await cycles.announced(cycleId, { ...until, parts: announcedParts + runs.length });
    if (isLast) await cycles.advance(cycleId, 'announced');
    needs.checkpoint?.('announcing');
  });
  needs.checkpoint?.('announced');
}

/** From here on the bank may see the file at any moment, so it is never laid ready again. */
async function decideToTransmit(needs: ClosingNeeds, cycleId: string): Promise<void> {
  const file = await needs.work(({ cycles }) => cycles.file(cycleId));
  if (!file) throw new BrokenInvariant('cycle.without-file', { cycleId });
  if (isOutdated(file, needs.now()) || !(await needs.rail.isReady(file.fileName))) {
    return buildFile(needs, cycleId);
  }
  await needs.work(async ({ cycles }) => {
    if ((await cycles.lock(cycleId)).status !== 'built') return;
    await cycles.fileLeaves(cycleId);
    await cycles.advance(cycleId, 'transmitting');
  });
  needs.checkpoint?.('transmitting');
}

async function transmitAndClose(needs: ClosingNeeds, cycleId: string): Promise<void> {
  const file = await needs.work(({ cycles }) => cycles.file(cycleId));
  if (file) await needs.rail.makeVisible(file.fileName);
  needs.checkpoint?.('visible');
  while (!(await needs.work((work) => saySentOrClose(needs, work, cycleId)))) needs.checkpoint?.('sent-part');
  needs.checkpoint?.('closed');
}

/** One page of payments a transaction; the last page closes the cycle. Gives true when it is over. */
async function saySentOrClose(needs: ClosingNeeds, work: ClosingWork, cycleId: string): Promise<boolean> {
  const cycle = await work.cycles.lock(cycleId);
  if (isOver(cycle)) return true;
  const page = await work.payments.sentOf(cycleId, { after: cycle.sentUntil, most: itemsPerFactMax });
  const parts = await saySent(work, cycle, page);
  const last = page.at(-1);
  if (last && page.length === itemsPerFactMax) {
    await work.cycles.saidSent(cycleId, { parts, traceNumber: last.traceNumber });
    return false;
  }
  const { payments, amountCents } = cycle;
  const closedAt = needs.now();
  await work.cycles.close(cycleId, closedAt);
  const body = { cycleId, closedAt: closedAt.toISOString(), payments, amountCents };
  work.outbox.add(PayoutsClosed, body, { key: cycleId, correlationId: cycleId });
  needs.checkpoint?.('closing');
  return true;
}

/** Gives how many facts have said it until now. */
async function saySent(
  { cycles, outbox }: ClosingWork,
  { cycleId, sentParts }: Cycle,
  page: readonly SentPayment[],
): Promise<number> {
  const file = await cycles.file(cycleId);
  if (!file || page.length === 0) return sentParts;
  const { fileName, effectiveDate, terms } = file;
  const runs = cutBulk(page);
  for (const [n, run] of runs.entries()) {
    outbox.add(
      PayoutsSent,
      { cycleId, fileName, effectiveDate, odfiRouting: terms.odfiRouting, payments: run },
      { key: `${cycleId}/${sentParts + n + 1}`, correlationId: cycleId },
    );
  }
  return sentParts + runs.length;
}
