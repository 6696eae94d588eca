import { BrokenInvariant, plainDate } from '@remitflow/kernel';
import { writePaymentFile } from '@remitflow/nacha';
import type { RailTerms } from '../domain/cycle.ts';

/**
 * Throws `config.rail-terms` when no file could be written on these terms: better at the start than after payables
 * have been claimed for it.
 */
export function checkTerms(terms: RailTerms): void {
  const trial = writePaymentFile({
    ...terms,
    createdAt: { date: plainDate('2026-01-02'), time: '1200' },
    fileIdModifier: 'A',
    effectiveDate: plainDate('2026-01-05'),
    payments: [
      {
        routing: terms.odfiRouting,
        account: '1',
        accountType: 'checking',
        amountCents: 1,
        payeeId: '1',
        payeeName: 'TRIAL',
        traceNumber: `${terms.odfiRouting.slice(0, 8)}0000001`,
        trnReference: '1',
        payerTin: terms.payerTaxId,
      },
    ],
  });
  try {
    for (const _ of trial);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new BrokenInvariant('config.rail-terms', { problem }, { cause });
  }
}
