import { BrokenInvariant } from '@remitflow/kernel';
import { writeRemittance as writeSegments, type ClaimPayment, type RemittanceAdvice } from '@remitflow/x12';
import { adviceOf, delimitersFor, envelopeOf, type Payer } from '../domain/advice.ts';
import { ClaimPlaces, type ClaimPlace } from '../domain/claim-places.ts';
import type { NumberedRemittance, Payee, SentPayment } from '../domain/remittance.ts';
import { loadClaims, type Needs as ClaimNeeds } from './load-claims.ts';

export type Needs = ClaimNeeds & {
  payees: { find(payeeId: string): Promise<Payee | undefined> };
  payments: { find(paymentId: string): Promise<SentPayment | undefined> };
  files: {
    write(fileName: string, pieces: Iterable<string>): Promise<{ sha256: string; bytes: number }>;
  };
};

export type Settings = { readonly payer: Payer; readonly filingIndicator: string };

export type WrittenRequest = ClaimPlace & {
  readonly requestId: string;
  readonly claimId: string;
  readonly paidCents: number;
};

export type Written = {
  readonly sha256: string;
  readonly bytes: number;
  readonly requests: readonly WrittenRequest[];
};

/**
 * Writes the 835 of a remittance: the same bytes however often it is called. Nothing is written when its claims do not
 * add up (`remittance.amount-differs`, `remittance.claim-differs`, `remittance.unbalanced`).
 */
export async function writeRemittance(
  needs: Needs,
  remittance: NumberedRemittance,
  { payer, filingIndicator }: Settings,
): Promise<Written> {
  const payee = await needs.payees.find(remittance.payeeId);
  if (!payee) throw new BrokenInvariant('remittance.payee-unknown', { payeeId: remittance.payeeId });
  const payment = remittance.paymentId ? await needs.payments.find(remittance.paymentId) : undefined;
  const requestIds: string[] = [];
  const claims: ClaimPayment[] = [];
  for await (const page of loadClaims(needs, remittance, filingIndicator)) {
    requestIds.push(...page.map((claim) => claim.requestId));
    claims.push(...page.map((claim) => claim.payment));
  }
  const advice = adviceOf({ remittance, payer, payee, payment, claims });
  const delimiters = delimitersFor(claims);
  const places = new ClaimPlaces(delimiters);
  const pieces = seenBy(places, writeSegments(advice, envelopeOf({ remittance, payer, payee }, delimiters)));
  const { sha256, bytes } = await needs.files.write(remittance.fileName, pieces);
  return { sha256, bytes, requests: requestsOf(advice, requestIds, places.places) };
}

function* seenBy(places: ClaimPlaces, pieces: Iterable<string>): Generator<string> {
  for (const piece of pieces) {
    places.see(piece);
    yield piece;
  }
}

function requestsOf(
  { claims }: RemittanceAdvice,
  requestIds: readonly string[],
  places: readonly ClaimPlace[],
): WrittenRequest[] {
  if (places.length !== claims.length)
    throw new BrokenInvariant('remittance.claims-lost', { claims: claims.length, written: places.length });
  return claims.map(({ claimId, paidCents }, index) => ({
    requestId: requestIds[index]!,
    claimId,
    paidCents,
    ...places[index]!,
  }));
}
