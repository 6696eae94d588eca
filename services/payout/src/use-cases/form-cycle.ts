import { CannotProceed, remitflowNamespace, uuidV5 } from '@remitflow/kernel';
import { achText, traceNumber } from '@remitflow/nacha';
import type { CycleFile, CycleSums, NewPayment, RailTerms } from '../domain/cycle.ts';
import {
  entryLine,
  formPayments,
  nothingHeld,
  summarizeHeld,
  type OpenPayables,
  type OpenPayee,
} from '../domain/form-payments.ts';
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
    await work.cycles.add({ ...order, formedAt: needs.now() });
    const sums = await formInPages(needs, work, order.cycleId);
    await work.cycles.formed(order.cycleId, sums);
    if (sums.payments === 0) return true;
    await work.cycles.addFile(order.cycleId, await nextFile(work, needs, { ...order, ...sums }));
    needs.checkpoint?.('formed-uncommitted');
    return true;
  });
  needs.checkpoint?.('formed');
  return formed;
}

/** Payees whose payments are formed at once: a cycle of any number is formed in bounded memory. */
const payeesPerPage = 5_000;

async function formInPages(needs: ClosingNeeds, work: ClosingWork, cycleId: string): Promise<CycleSums> {
  let sums: CycleSums = { payments: 0, requests: 0, amountCents: 0, heldBack: nothingHeld };
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const open = await work.payables.open({ after, most: payeesPerPage });
    if (open.length > 0) sums = await formPage(needs, work, { cycleId, open, before: sums });
    if (open.length < payeesPerPage) return sums;
    after = open.at(-1)!.payeeId;
  }
}

type Page = { readonly cycleId: string; readonly open: readonly OpenPayee[]; readonly before: CycleSums };

/** Claims what is open of some payees, also what was approved a moment ago. */
async function formPage(needs: ClosingNeeds, work: ClosingWork, page: Page): Promise<CycleSums> {
  const { cycleId, open, before } = page;
  const payable = open.filter(({ hold }) => hold === undefined);
  const claimed = await work.payables.claim(
    payable.map(({ payeeId }) => ({ payeeId, paymentId: paymentIdOf(cycleId, payeeId) })),
  );
  const inFile = { fileCents: before.amountCents, payments: before.payments };
  const { payments, held } = formPayments(claimed, inFile);
  await work.payables.release(held.map(({ payeeId }) => paymentIdOf(cycleId, payeeId)));
  needs.checkpoint?.('forming');
  if (payments.length > 0)
    await work.payments.add(cycleId, await numbered(work, needs.terms, { ...page, payments }));
  const unpayable = open.flatMap((payee) => (payee.hold ? [{ ...payee, hold: payee.hold }] : []));
  return {
    payments: before.payments + payments.length,
    requests: before.requests + sum(payments, 'requests'),
    amountCents: before.amountCents + sum(payments, 'amountCents'),
    heldBack: summarizeHeld([...unpayable, ...held], before.heldBack),
  };
}

/** Seven digits of a trace number; they are never used twice, because the bank refuses one it has seen. */
const traceSequenceMax = 9_999_999;

async function nextFile(
  work: ClosingWork,
  needs: ClosingNeeds,
  { cycleId, payments, amountCents }: CycleSums & { readonly cycleId: string },
): Promise<CycleFile> {
  const { terms } = needs;
  const dates = await datesOfNewFile(work, terms, needs.now());
  const day = dates.createdOn.replaceAll('-', '');
  return {
    ...dates,
    fileName: `ccd-${day}-${dates.fileIdModifier}-${cycleId.slice(-12)}.ach`,
    terms,
    entries: payments,
    amountCents,
  };
}

/** The pages of one cycle follow each other: who takes numbers holds them until the transaction ends. */
async function numbered(
  work: ClosingWork,
  { odfiRouting }: RailTerms,
  { cycleId, payments, open, before }: Page & { readonly payments: readonly OpenPayables[] },
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
      entryLine: entryLine(before.payments + index),
      receiverId: npi,
      receiverName: achText(name, 22) || npi,
    };
  });
}

const sum = (payments: readonly OpenPayables[], field: 'amountCents' | 'requests'): number =>
  payments.reduce((total, payment) => total + payment[field], 0);
