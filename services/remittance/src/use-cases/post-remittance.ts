import { cutBulk, RemittancesPosted } from '@remitflow/contracts';
import type { Outbox } from '@remitflow/messaging';
import type { NumberedRemittance } from '../domain/remittance.ts';
import { makeReversalsDue, type Needs as DueNeeds } from './make-due.ts';
import type { Written } from './write-remittance.ts';

export type Needs = DueNeeds & {
  remittances: {
    markPosted(written: Written & { remittanceId: string }): Promise<boolean>;
  };
  outbox: Outbox<typeof RemittancesPosted>;
};

const outcomes = { payment: 'paid', denial: 'denied', reversal: 'reversed' } as const;

/** Says of a written 835 what became of each of its requests; once, whoever wrote it. */
export async function postRemittance(
  needs: Needs,
  remittance: NumberedRemittance,
  written: Written,
): Promise<void> {
  const { remittanceId, kind, payeeId, paymentId, trnReference, fileName, cycleId } = remittance;
  const isOurs = await needs.remittances.markPosted({ ...written, remittanceId });
  if (!isOurs) return;
  const outcome = outcomes[kind];
  const results = written.requests.map(({ requestId, claimId, paidCents }) => ({
    requestId,
    claimId,
    outcome,
    paidCents,
  }));
  cutBulk(results).forEach((requests, index) => {
    const body = { remittanceId, kind, payeeId, trnReference, fileName, part: index + 1, requests };
    needs.outbox.add(
      RemittancesPosted,
      { ...body, ...(paymentId && { paymentId }) },
      { key: `${remittanceId}/${index + 1}`, correlationId: cycleId },
    );
  });
  if (kind === 'payment') await makeReversalsDue(needs);
}
