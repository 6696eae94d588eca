import type { Severities } from '../problem.ts';
import type { SegmentCursor } from '../segment-cursor.ts';
import type { Claim837, ClaimType } from './claim.ts';
import { ClaimInProgress } from './claim-in-progress.ts';
import { Hierarchy } from './hierarchy.ts';

/** What a transaction set says of its claims: the levels they stand under, and each claim as its segments come. */
export class ClaimAssembly {
  readonly #hierarchy: Hierarchy;
  readonly #claim: ClaimInProgress;

  constructor(set: {
    readonly type: ClaimType;
    readonly controlNumber: string;
    readonly severities: Severities | undefined;
  }) {
    const { type, controlNumber: transactionControlNumber, severities } = set;
    const hierarchy = (this.#hierarchy = new Hierarchy(severities));
    this.#claim = new ClaimInProgress({ type, transactionControlNumber, hierarchy, severities });
  }

  openLevel(hl: SegmentCursor): void {
    this.#hierarchy.open(hl);
  }

  takeOfLevel(segment: SegmentCursor): void {
    this.#hierarchy.take(segment);
  }

  openClaim(clm: SegmentCursor, position: number): void {
    this.#claim.open(clm, position);
  }

  takeOfClaim(segment: SegmentCursor): void {
    this.#claim.accept(segment);
  }

  finishClaim(isCutOff: boolean): Claim837 {
    return this.#claim.finish(isCutOff);
  }
}
