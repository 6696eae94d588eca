import { itemsPerFactMax } from '@remitflow/contracts';
import { BrokenInvariant } from '@remitflow/kernel';
import type { ClaimPlace } from '../domain/claim-places.ts';
import type { WrittenPage, WrittenPart } from '../domain/remittance.ts';
import type { LoadedPart } from './load-claims.ts';

/** Facts of one transaction. */
const factsPerPage = 5;

/** Gathers what an 835 says of its requests; of a large one all but the page in hand is kept elsewhere. */
export class ResultPages {
  requests = 0;
  #kept = 0;
  #factsBefore = 0;
  #parts: WrittenPart[] = [];
  #results: WrittenPage['results'][number][] = [];

  constructor(private readonly keep: (number: number, page: WrittenPage) => Promise<void>) {}

  /** A part that was written, and where each of its claims stands. */
  async add(
    { partId, places, requestIds, payments }: LoadedPart,
    found: readonly ClaimPlace[],
  ): Promise<void> {
    if (found.length !== payments.length)
      throw new BrokenInvariant('remittance.claims-lost', { claims: payments.length, written: found.length });
    if (this.#results.length >= factsPerPage * itemsPerFactMax) await this.#keepPage();
    this.#parts.push({
      partId,
      places,
      paidCents: payments.map(({ paidCents }) => paidCents),
      byteOffsets: found.map(({ byteOffset }) => byteOffset),
      segmentOrdinals: found.map(({ segmentOrdinal }) => segmentOrdinal),
    });
    for (const [index, { claimId, paidCents }] of payments.entries())
      this.#results.push({ requestId: requestIds[index]!, claimId, paidCents });
    this.requests += payments.length;
  }

  /** The only page; undefined when there are more, all of which are kept. */
  async end(): Promise<WrittenPage | undefined> {
    if (this.#kept === 0) return this.#page();
    await this.#keepPage();
    return undefined;
  }

  async #keepPage(): Promise<void> {
    this.#kept += 1;
    const page = this.#page();
    await this.keep(this.#kept, page);
    this.#factsBefore += Math.ceil(page.results.length / itemsPerFactMax);
    this.#parts = [];
    this.#results = [];
  }

  #page(): WrittenPage {
    return { factsBefore: this.#factsBefore, parts: this.#parts, results: this.#results };
  }
}
