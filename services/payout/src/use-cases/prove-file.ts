import { BrokenInvariant } from '@remitflow/kernel';
import { parseTrnAddenda, readAch, strictest, type AchEntry } from '@remitflow/nacha';
import type { StoredPayment } from '../domain/cycle.ts';

/**
 * Reads a file as the strictest bank would, and holds every entry against the payment it stands for. Throws
 * `file.not-valid` or `file.other-payment`: such a file must not leave.
 */
export async function proveFile(
  source: AsyncIterable<Uint8Array>,
  payments: Iterable<StoredPayment> | AsyncIterable<StoredPayment>,
): Promise<{ creditsCents: number }> {
  const expected = inOrder(payments);
  let entries = 0;
  let creditsCents = 0;
  for await (const event of readAch(source, { severities: strictest })) {
    if (event.kind === 'problem' && event.problem.severity === 'error') {
      throw new BrokenInvariant('file.not-valid', {
        problem: event.problem.code,
        record: event.problem.record,
      });
    }
    if (event.kind !== 'entry') continue;
    const payment = (await expected.next()).value ?? undefined;
    if (!isFor(event.entry, payment)) throw new BrokenInvariant('file.other-payment', { entries });
    entries += 1;
    creditsCents += event.entry.amountCents;
  }
  if (!(await expected.next()).done) throw new BrokenInvariant('file.other-payment', { entries });
  return { creditsCents };
}

async function* inOrder(
  payments: Iterable<StoredPayment> | AsyncIterable<StoredPayment>,
): AsyncGenerator<StoredPayment, undefined> {
  yield* payments;
  return undefined;
}

function isFor(entry: AchEntry, payment: StoredPayment | undefined): boolean {
  const [addenda] = entry.addenda;
  const trn = addenda?.kind === 'payment' ? parseTrnAddenda(addenda.values.paymentInformation) : undefined;
  return (
    payment !== undefined &&
    entry.traceNumber === payment.traceNumber &&
    entry.amountCents === payment.amountCents &&
    entry.routing === payment.routingNumber &&
    entry.at.record === payment.entryLine &&
    trn?.reference === payment.trnReference
  );
}
