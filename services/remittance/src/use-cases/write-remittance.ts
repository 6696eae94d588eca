import { BrokenInvariant, CannotProceed } from '@remitflow/kernel';
import { defaultDelimiters, streamRemittance, type ClaimPayment, type Delimiters } from '@remitflow/x12';
import { adviceOf, delimitersFor, envelopeOf, type AdviceParts, type Payer } from '../domain/advice.ts';
import { ClaimPlaces } from '../domain/claim-places.ts';
import type { TakenRemittance, WrittenPage } from '../domain/remittance.ts';
import { loadClaims, type LoadedPart, type Needs as ClaimNeeds } from './load-claims.ts';
import { ResultPages } from './result-pages.ts';

export type Needs = ClaimNeeds & {
  files: {
    write(
      fileName: string,
      pieces: AsyncIterable<string>,
      whenTaken: (piece: string) => void,
    ): Promise<{ sha256: string; bytes: number }>;
  };
  pages: { keep(remittanceId: string, number: number, page: WrittenPage): Promise<void> };
};

export type Settings = { readonly payer: Payer; readonly filingIndicator: string };

export type Written = {
  readonly sha256: string;
  readonly bytes: number;
  readonly requests: number;
  /** What it says of its requests; absent when that was too much for one page, and is kept. */
  readonly page?: WrittenPage;
};

/**
 * Writes the 835 of a remittance: the same bytes however often it is called. Nothing is written when its claims do not
 * add up (`remittance.amount-differs`, `remittance.claim-differs`, `remittance.unbalanced`). The usual delimiters are tried
 * first; an id that holds one of them is rare, and then all claims are read to find others.
 */
export async function writeRemittance(
  needs: Needs,
  { payee, payment, ...remittance }: TakenRemittance,
  { payer, filingIndicator }: Settings,
): Promise<Written> {
  if (!payee) throw new BrokenInvariant('remittance.payee-unknown', { payeeId: remittance.payeeId });
  const advice = { remittance, payer, payee, ...(payment && { payment }) };
  const parts = (): AsyncGenerator<LoadedPart> => loadClaims(needs, remittance, filingIndicator);
  try {
    return await writeWith(needs, advice, { parts: parts(), delimiters: defaultDelimiters });
  } catch (error) {
    if (!(error instanceof CannotProceed && error.code === 'x12.delimiter-in-text')) throw error;
    const delimiters = await delimitersFor(pagesOf(parts()));
    return writeWith(needs, advice, { parts: parts(), delimiters });
  }
}

/** Some hundred claims in memory at a time, and what is said of some thousand. */
async function writeWith(
  { files, pages }: Needs,
  advice: AdviceParts,
  { parts, delimiters }: { parts: AsyncIterable<LoadedPart>; delimiters: Delimiters },
): Promise<Written> {
  const { remittanceId, fileName } = advice.remittance;
  const places = new ClaimPlaces(delimiters);
  const results = new ResultPages((number, page) => pages.keep(remittanceId, number, page));
  const noted = pagesOf(parts, (part) => results.add(part, places.take()));
  const pieces = streamRemittance(adviceOf(advice, noted), envelopeOf(advice, delimiters));
  const file = await files.write(fileName, pieces, (piece) => places.see(piece));
  const page = await results.end();
  return { ...file, requests: results.requests, ...(page && { page }) };
}

/** A part is written when the next one is asked for. */
async function* pagesOf(
  parts: AsyncIterable<LoadedPart>,
  whenWritten?: (part: LoadedPart) => Promise<void>,
): AsyncGenerator<readonly ClaimPayment[]> {
  for await (const part of parts) {
    yield part.payments;
    await whenWritten?.(part);
  }
}
