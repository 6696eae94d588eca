import type { ClaimPayment } from '@remitflow/x12';
import { claimPaymentOf, type DecidedClaim } from '../domain/claim-payment.ts';
import type { DueRemittance } from '../domain/remittance.ts';

export type Cursor = { readonly submissionId: string; readonly position: number };

export type Needs = {
  decided: {
    claimsOf(
      remittance: DueRemittance,
      after: Cursor,
      limit: number,
    ): Promise<(Cursor & { readonly claim: DecidedClaim })[]>;
  };
};

export type LoadedClaim = { readonly requestId: string; readonly payment: ClaimPayment };

/** The claims of a remittance as they were paid or denied, in the order of its file, some hundreds at a time. */
export async function* loadClaims(
  { decided }: Needs,
  remittance: DueRemittance,
  filingIndicator: string,
): AsyncGenerator<LoadedClaim[]> {
  const isDenied = remittance.kind === 'denial';
  for (let after = firstCursor; ;) {
    const page = await decided.claimsOf(remittance, after, claimsPerPage);
    yield page.map(({ claim }) => ({
      requestId: claim.requestId,
      payment: claimPaymentOf(claim, { isDenied, filingIndicator }),
    }));
    if (page.length < claimsPerPage) return;
    after = page.at(-1)!;
  }
}

const firstCursor: Cursor = { submissionId: '00000000-0000-0000-0000-000000000000', position: 0 };
const claimsPerPage = 500;
