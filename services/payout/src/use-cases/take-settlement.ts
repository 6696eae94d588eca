import { cutBulk, PayoutsSettled } from '@remitflow/contracts';
import { RetryLater, uuidV5 } from '@remitflow/kernel';
import { parseSettlement, type SettledEntry } from '../domain/bank-file.ts';
import { matchSettled, type AnsweredPayment, type Matched } from '../domain/match-answers.ts';
import type { BankWork, BookedAnswer, DeliveredFile, TakingNeeds } from './taking.ts';

/** Books what the bank has settled; gives the problem that a person has to look at. */
export async function takeSettlement(
  _: TakingNeeds,
  { bankAnswers, outbox }: BankWork,
  { bytes, bankFileId }: DeliveredFile & { bankFileId: string },
): Promise<string | undefined> {
  const settlement = parseSettlement(Buffer.from(bytes).toString('utf8'));
  if (settlement === undefined) return 'not-a-settlement';
  const { settledOn, entries } = settlement;
  const payments = await bankAnswers.paymentsWith(entries.map(({ traceNumber }) => traceNumber));
  refuseTooEarly(payments);
  const matched = matchSettled(entries, payments);
  const settled = matched.flatMap(({ takesEffect, payment }) => (takesEffect && payment ? [payment] : []));
  const paymentIds = settled.map(({ paymentId }) => paymentId);
  await bankAnswers.settle(paymentIds, settledOn);
  const odd = matched.filter(({ state }) => state !== 'matched');
  await bankAnswers.add(
    bankFileId,
    odd.map((answer, n) => bookedSettlement(answer, uuidV5(bankFileId, String(n)))),
  );
  const items = settled.map(({ paymentId, amountCents }) => ({ paymentId, amountCents, settledOn }));
  for (const [n, run] of cutBulk(items).entries()) {
    const correlationId = settled[0]?.cycleId;
    outbox.add(PayoutsSettled, { payments: run }, { key: `${bankFileId}/${n + 1}`, correlationId });
  }
  return odd.some(({ state }) => state === 'unmatched') ? 'unmatched-entries' : undefined;
}

/** The bank can be quicker than the last step of closing. */
export function refuseTooEarly(payments: ReadonlyMap<string, AnsweredPayment>): void {
  for (const { status, cycleId } of payments.values()) {
    if (status === 'scheduled') throw new RetryLater('bank-file.too-early', { cycleId });
  }
}

const bookedSettlement = (
  { item, state, reason, payment }: Matched<SettledEntry>,
  answerId: string,
): BookedAnswer => ({
  answerId,
  kind: 'settlement',
  state,
  originalTrace: item.traceNumber.slice(0, 15),
  code: '',
  amountCents: item.amountCents,
  paymentId: payment?.paymentId ?? null,
  reason,
});
