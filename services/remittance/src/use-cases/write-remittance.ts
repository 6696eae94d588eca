import { BrokenInvariant, CannotProceed } from '@remitflow/kernel';
import { defaultDelimiters, streamRemittance, type ClaimPayment, type Delimiters } from '@remitflow/x12';
import { adviceOf, delimitersFor, envelopeOf, type AdviceParts, type Payer } from '../domain/advice.ts';
import { ClaimPlaces, type ClaimPlace } from '../domain/claim-places.ts';
import type { NumberedRemittance, Payee, SentPayment } from '../domain/remittance.ts';
import { loadClaims, type LoadedClaim, type Needs as ClaimNeeds } from './load-claims.ts';

export type Needs = ClaimNeeds & {
  payees: { find(payeeId: string): Promise<Payee | undefined> };
  payments: { find(paymentId: string): Promise<SentPayment | undefined> };
  files: {
    write(fileName: string, pieces: AsyncIterable<string>): Promise<{ sha256: string; bytes: number }>;
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
 * add up (`remittance.amount-differs`, `remittance.claim-differs`, `remittance.unbalanced`). The usual delimiters are tried
 * first; an id that holds one of them is rare, and then all claims are read to find others.
 */
export async function writeRemittance(
  needs: Needs,
  remittance: NumberedRemittance,
  { payer, filingIndicator }: Settings,
): Promise<Written> {
  const payee = await needs.payees.find(remittance.payeeId);
  if (!payee) throw new BrokenInvariant('remittance.payee-unknown', { payeeId: remittance.payeeId });
  const payment = remittance.paymentId ? await needs.payments.find(remittance.paymentId) : undefined;
  const parts = { remittance, payer, payee, payment };
  const claims = (): AsyncGenerator<LoadedClaim> =>
    claimByClaim(loadClaims(needs, remittance, filingIndicator));
  try {
    return await writeWith(needs, parts, { claims: claims(), delimiters: defaultDelimiters });
  } catch (error) {
    if (!(error instanceof CannotProceed && error.code === 'x12.delimiter-in-text')) throw error;
    const delimiters = await delimitersFor(paymentsOf(claims()));
    return writeWith(needs, parts, { claims: claims(), delimiters });
  }
}

/** One claim in memory at a time; of each that was written, its place is kept. */
async function writeWith(
  { files }: Needs,
  parts: AdviceParts,
  { claims, delimiters }: { claims: AsyncIterable<LoadedClaim>; delimiters: Delimiters },
): Promise<Written> {
  const seen: Omit<WrittenRequest, keyof ClaimPlace>[] = [];
  const places = new ClaimPlaces(delimiters);
  const advice = adviceOf(parts, paymentsOf(noted(claims, seen)));
  const pieces = streamRemittance(advice, envelopeOf(parts, delimiters));
  const { sha256, bytes } = await files.write(parts.remittance.fileName, placed(pieces, places));
  return { sha256, bytes, requests: withPlaces(seen, places.places) };
}

async function* claimByClaim(pages: AsyncIterable<LoadedClaim[]>): AsyncGenerator<LoadedClaim> {
  for await (const page of pages) yield* page;
}

async function* paymentsOf(claims: AsyncIterable<LoadedClaim>): AsyncGenerator<ClaimPayment> {
  for await (const { payment } of claims) yield payment;
}

async function* noted(
  claims: AsyncIterable<LoadedClaim>,
  seen: Omit<WrittenRequest, keyof ClaimPlace>[],
): AsyncGenerator<LoadedClaim> {
  for await (const claim of claims) {
    const { claimId, paidCents } = claim.payment;
    seen.push({ requestId: claim.requestId, claimId, paidCents });
    yield claim;
  }
}

async function* placed(pieces: AsyncIterable<string>, places: ClaimPlaces): AsyncGenerator<string> {
  for await (const piece of pieces) {
    places.see(piece);
    yield piece;
  }
}

function withPlaces(
  requests: readonly Omit<WrittenRequest, keyof ClaimPlace>[],
  places: readonly ClaimPlace[],
): WrittenRequest[] {
  if (places.length !== requests.length)
    throw new BrokenInvariant('remittance.claims-lost', { claims: requests.length, written: places.length });
  return requests.map((request, index) => ({ ...request, ...places[index]! }));
}
