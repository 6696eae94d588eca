import { reversalOf, type ClaimPayment } from '@remitflow/x12';
import { claimPaymentOf, type DecidedClaim } from '../domain/claim-payment.ts';
import type { DueRemittance } from '../domain/remittance.ts';

export type Needs = {
  decided: {
    requestsOf(remittance: DueRemittance): Promise<string[]>;
    claimsOf(requestIds: readonly string[]): Promise<DecidedClaim[]>;
  };
};

export type LoadedClaim = { readonly requestId: string; readonly payment: ClaimPayment };

/** The claims of a remittance as they stand in its file, in its order, some hundreds at a time; a reversal negates them. */
export async function* loadClaims(
  { decided }: Needs,
  remittance: DueRemittance,
  filingIndicator: string,
): AsyncGenerator<LoadedClaim[]> {
  const isDenied = remittance.kind === 'denial';
  const isReversal = remittance.kind === 'reversal';
  const requestIds = await decided.requestsOf(remittance);
  for (let start = 0; start < requestIds.length; start += claimsPerPage) {
    const claims = await decided.claimsOf(requestIds.slice(start, start + claimsPerPage));
    yield claims.map((claim) => {
      const payment = claimPaymentOf(claim, { isDenied, filingIndicator });
      return { requestId: claim.requestId, payment: isReversal ? reversalOf(payment) : payment };
    });
  }
}

const claimsPerPage = 500;
