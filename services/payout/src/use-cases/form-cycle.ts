import { CannotProceed, remitflowNamespace, uuidV5 } from '@remitflow/kernel';
import { achText, traceNumber } from '@remitflow/nacha';
import type { CycleFile, NewPayment, RailTerms } from '../domain/cycle.ts';
import { entryLine, formPayments, summarizeHeld, type OpenPayables } from '../domain/form-payments.ts';
import type { ClosingNeeds, ClosingWork } from './closing.ts';
import { datesOfNewFile } from './date-file.ts';

export type CloseOrder = {
  readonly cycleId: string;
  readonly reason: string;
  /** The cut-off this cycle is closed for; absent when a person asked. */
  readonly cutOff?: Date;
};

/** The id of the payment that a cycle makes to a payee, whoever forms it and how often. */
export const paymentIdOf = (cycleId: string, payeeId: string): string => uuidV5(cycleId, payeeId);

/** The id of the cycle of a cut-off. */
export const cutOffCycleId = (cutOff: Date): string =>
  uuidV5(remitflowNamespace, `payout/cut-off/${cutOff.toISOString()}`);

/**
 * Claims all that can be paid and numbers it, in one transaction: afterwards a payable belongs to one payment of this
 * cycle and to no other. Gives false when the cut-off was done before.
 */
export async function formCycle(needs: ClosingNeeds, order: CloseOrder): Promise<boolean> {
  const formed = await needs.work(async (work) => {
    await work.cycles.waitForTurn();
    if (order.cutOff && (await work.cycles.isCutOffDone(order.cutOff))) return false;
    const open = await work.payables.open();
    const claimed = await claim(work, order.cycleId, open);
    const { payments, held } = formPayments(claimed);
    await work.payables.release(held.map(({ payeeId }) => paymentIdOf(order.cycleId, payeeId)));
    needs.checkpoint?.('forming');

    const unpayable = open.flatMap((payee) => (payee.hold ? [{ ...payee, hold: payee.hold }] : []));
    const amountCents = sum(payments, 'amountCents');
    const requests = sum(payments, 'requests');
    const heldBack = summarizeHeld([...unpayable, ...held]);
    const formedAt = needs.now();
    await work.cycles.add({ ...order, formedAt, payments: payments.length, requests, amountCents, heldBack });
    if (payments.length === 0) return true;
    await work.cycles.addFile(order.cycleId, await nextFile(work, needs, { ...order, payments }));
    await work.payments.add(order.cycleId, await numbered(work, needs.terms, { ...order, payments, open }));
    needs.checkpoint?.('formed-uncommitted');
    return true;
  });
  needs.checkpoint?.('formed');
  return formed;
}

async function claim(
  work: ClosingWork,
  cycleId: string,
  open: readonly OpenPayables[],
): Promise<OpenPayables[]> {
  const payable = open.filter(({ hold }) => hold === undefined);
  return work.payables.claim(
    payable.map(({ payeeId }) => ({ payeeId, paymentId: paymentIdOf(cycleId, payeeId) })),
  );
}

/** Seven digits of a trace number; they are never used twice, because the bank refuses one it has seen. */
const traceSequenceMax = 9_999_999;

type Formed = { readonly cycleId: string; readonly payments: readonly OpenPayables[] };

async function nextFile(
  work: ClosingWork,
  needs: ClosingNeeds,
  { cycleId, payments }: Formed,
): Promise<CycleFile> {
  const { terms } = needs;
  const dates = await datesOfNewFile(work, terms, needs.now());
  const day = dates.createdOn.replaceAll('-', '');
  return {
    ...dates,
    fileName: `ccd-${day}-${dates.fileIdModifier}-${cycleId.slice(-12)}.ach`,
    terms,
    entries: payments.length,
    amountCents: sum(payments, 'amountCents'),
  };
}

async function numbered(
  work: ClosingWork,
  { odfiRouting }: RailTerms,
  { cycleId, payments, open }: Formed & { open: readonly { payeeId: string; npi: string; name: string }[] },
): Promise<NewPayment[]> {
  const payees = new Map(open.map((payee) => [payee.payeeId, payee]));
  const first = await work.payments.takeTraces(odfiRouting.slice(0, 8), payments.length);
  if (first + payments.length - 1 > traceSequenceMax) throw new CannotProceed('cycle.trace-numbers-used-up');
  return payments.map(({ payeeId, amountCents, requests }, index) => {
    const { npi, name } = payees.get(payeeId)!;
    return {
      paymentId: paymentIdOf(cycleId, payeeId),
      payeeId,
      amountCents,
      requestCount: requests,
      traceNumber: traceNumber(odfiRouting, first + index),
      entryLine: entryLine(index),
      receiverId: npi,
      receiverName: achText(name, 22) || npi,
    };
  });
}

const sum = (payments: readonly OpenPayables[], field: 'amountCents' | 'requests'): number =>
  payments.reduce((total, payment) => total + payment[field], 0);
