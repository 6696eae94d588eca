import { reversalOf, type ClaimPayment } from '@remitflow/x12';
import { claimPaymentOf } from '../domain/claim-payment.ts';
import type { DecidedPart, DueRemittance } from '../domain/remittance.ts';

export type Needs = {
  decided: { partsOf(remittance: DueRemittance): AsyncIterable<DecidedPart> };
};

export type LoadedClaim = { readonly requestId: string; readonly payment: ClaimPayment };
export type LoadedPart = Pick<DecidedPart, 'partId' | 'places'> & { readonly claims: readonly LoadedClaim[] };

/** The claims of a remittance as they stand in its file, in its order, some hundreds at a time; a reversal negates them. */
export async function* loadClaims(
  { decided }: Needs,
  remittance: DueRemittance,
  filingIndicator: string,
): AsyncGenerator<LoadedPart> {
  const isDenied = remittance.kind === 'denial';
  const isReversal = remittance.kind === 'reversal';
  for await (const { partId, places, claims } of decided.partsOf(remittance)) {
    const loaded = claims.map((claim) => {
      const payment = claimPaymentOf(claim, { isDenied, filingIndicator });
      return { requestId: claim.requestId, payment: isReversal ? reversalOf(payment) : payment };
    });
    yield { partId, places, claims: loaded };
  }
}
