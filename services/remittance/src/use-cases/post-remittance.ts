import { itemsPerFactMax, RemittancesPosted } from '@remitflow/contracts';
import type { Outbox } from '@remitflow/messaging';
import type { NumberedRemittance, WrittenPage } from '../domain/remittance.ts';
import { makeReversalsDue, type Needs as DueNeeds } from './make-due.ts';
import type { Written } from './write-remittance.ts';

export type Needs = DueNeeds & {
  remittances: {
    markPosted(remittanceId: string, file?: Omit<Written, 'page'>): Promise<{ isReturned: boolean }>;
  };
  pages: {
    next(remittanceId: string): Promise<{ page: WrittenPage; isLast: boolean } | undefined>;
    explain(remittanceId: string, page: WrittenPage): Promise<void>;
  };
  outbox: Outbox<typeof RemittancesPosted>;
};

const outcomes = { payment: 'paid', denial: 'denied', reversal: 'reversed' } as const;

/** Says of a written 835 what became of each of its requests; whoever calls it has taken the remittance. */
export async function postRemittance(
  needs: Needs,
  remittance: NumberedRemittance,
  { page, ...file }: Written & { readonly page: WrittenPage },
): Promise<void> {
  await sayPage(needs, remittance, page);
  await markPosted(needs, remittance, file);
}

/** The same for one page of a large one; gives true when that was the last. */
export async function postNextPage(needs: Needs, remittance: NumberedRemittance): Promise<boolean> {
  const next = await needs.pages.next(remittance.remittanceId);
  if (next) await sayPage(needs, remittance, next.page);
  if (next && !next.isLast) return false;
  await markPosted(needs, remittance);
  return true;
}

async function sayPage(needs: Needs, remittance: NumberedRemittance, page: WrittenPage): Promise<void> {
  const { remittanceId, kind, payeeId, paymentId, trnReference, fileName, cycleId } = remittance;
  await needs.pages.explain(remittanceId, page);
  const outcome = outcomes[kind];
  const about = { remittanceId, kind, payeeId, trnReference, fileName, ...(paymentId && { paymentId }) };
  for (let start = 0; start < page.results.length; start += itemsPerFactMax) {
    const part = page.factsBefore + start / itemsPerFactMax + 1;
    const requests = page.results
      .slice(start, start + itemsPerFactMax)
      .map(({ requestId, claimId, paidCents }) => ({ requestId, claimId, outcome, paidCents }));
    const options = { key: `${remittanceId}/${part}`, correlationId: cycleId };
    needs.outbox.add(RemittancesPosted, { ...about, part, requests }, options);
  }
}

async function markPosted(
  needs: Needs,
  { remittanceId, kind, paymentId }: NumberedRemittance,
  file?: Omit<Written, 'page'>,
): Promise<void> {
  const { isReturned } = await needs.remittances.markPosted(remittanceId, file);
  if (isReturned && kind === 'payment') await makeReversalsDue(needs, [paymentId!]);
}
