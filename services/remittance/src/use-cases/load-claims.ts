import { reversalOf, type ClaimPayment } from '@remitflow/x12';
import { claimPaymentOf } from '../domain/claim-payment.ts';
import type { DecidedPart, DueRemittance } from '../domain/remittance.ts';

export type Needs = {
  decided: { partsOf(remittance: DueRemittance): AsyncIterable<DecidedPart> };
};

/** `payments` are of the requests with these ids. */
export type LoadedPart = Pick<DecidedPart, 'partId' | 'places'> & {
  readonly requestIds: readonly string[];
  readonly payments: readonly ClaimPayment[];
};

/** The claims of a remittance as they stand in its file, in its order, some hundreds at a time; a reversal negates them. */
export async function* loadClaims(
  { decided }: Needs,
  remittance: DueRemittance,
  filingIndicator: string,
): AsyncGenerator<LoadedPart> {
  const isDenied = remittance.kind === 'denial';
  const isReversal = remittance.kind === 'reversal';
  for await (const { partId, places, claims } of decided.partsOf(remittance)) {
    const requestIds = claims.map(({ requestId }) => requestId);
    const payments = claims.map((claim) => claimPaymentOf(claim, { isDenied, filingIndicator }));
    yield { partId, places, requestIds, payments: isReversal ? payments.map(reversalOf) : payments };
  }
}
