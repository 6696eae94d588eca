import { BrokenInvariant } from '@remitflow/kernel';
import { writePaymentFile, type PaymentEntry } from '@remitflow/nacha';
import type { StoredFile, StoredPayment } from '../domain/cycle.ts';
import type { ClosingNeeds } from './closing.ts';
import { redateFile } from './date-file.ts';
import { fedByPages } from './fed-by-pages.ts';
import { proveFile } from './prove-file.ts';
import { StoredPayments } from './stored-payments.ts';

/**
 * Writes the file of a cycle from stored rows alone, proves it, and lays it ready for the bank; nothing is visible yet.
 * A file of an earlier day gets today's dates first. Whoever builds it again makes the same bytes, or
 * `file.not-the-same` is thrown.
 */
export async function buildFile(needs: ClosingNeeds, cycleId: string): Promise<void> {
  await redateFile(needs, cycleId);
  const { file, payables } = await needs.work(async (work) => ({
    file: await work.cycles.file(cycleId),
    payables: await work.payments.payablesOf(cycleId),
  }));
  if (!file) throw new BrokenInvariant('cycle.without-file', { cycleId });
  const { rail } = needs;
  const stored = new StoredPayments(needs, cycleId);
  const written = await rail.write(file.fileName, piecesOf(file, stored.pages(), needs.numbers));
  needs.checkpoint?.('file-written');
  const { creditsCents } = await proveFile(rail.read(written.path), stored.each());
  const paymentsCents = stored.amountCents;
  const facts = { cycleId, payablesCents: payables.amountCents, paymentsCents, creditsCents };
  if (payables.amountCents !== paymentsCents || paymentsCents !== creditsCents) {
    throw new BrokenInvariant('cycle.does-not-balance', facts);
  }
  await needs.work(async (work) => {
    const { status } = await work.cycles.lock(cycleId);
    if (status !== 'announced' && status !== 'built') return;
    const now = await work.cycles.file(cycleId);
    if (!isSameFile(now, file)) return; // it was given other dates meanwhile
    if (now?.sha256 && now.sha256 !== written.sha256) {
      throw new BrokenInvariant('file.not-the-same', { cycleId });
    }
    await rail.keep(written, file.fileName);
    needs.checkpoint?.('file-kept');
    await work.cycles.fileBuilt(cycleId, written);
    await work.cycles.advance(cycleId, 'built');
  });
  needs.checkpoint?.('built');
}

const isSameFile = (now: StoredFile | undefined, then: StoredFile): boolean =>
  now?.createdOn === then.createdOn &&
  now.createdTime === then.createdTime &&
  now.fileIdModifier === then.fileIdModifier;

function piecesOf(
  { terms, ...file }: StoredFile,
  pages: AsyncIterable<readonly StoredPayment[]>,
  numbers: ClosingNeeds['numbers'],
): AsyncGenerator<string> {
  const payerTin = terms.payerTaxId;
  return fedByPages(pages, (payments) =>
    writePaymentFile({
      ...terms,
      createdAt: { date: file.createdOn, time: file.createdTime },
      fileIdModifier: file.fileIdModifier,
      effectiveDate: file.effectiveDate,
      payments: entriesOf(payments, { numbers, payerTin }),
    }),
  );
}

/** One account number is readable at a time. */
function* entriesOf(
  payments: Iterable<StoredPayment>,
  { numbers, payerTin }: { numbers: ClosingNeeds['numbers']; payerTin: string },
): Generator<PaymentEntry> {
  for (const payment of payments) {
    yield {
      routing: payment.routingNumber,
      account: numbers.decrypt(payment.accountId, payment.encryptedNumber),
      accountType: payment.accountType,
      amountCents: payment.amountCents,
      payeeId: payment.receiverId,
      payeeName: payment.receiverName,
      traceNumber: payment.traceNumber,
      trnReference: payment.trnReference,
      payerTin,
    };
  }
}
