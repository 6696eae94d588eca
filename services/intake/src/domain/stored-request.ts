import type { Finding } from './finding.ts';
import type { StoredPlace } from './part-places.ts';
import type { RequestStatus } from './status.ts';

/** A request as lists show it. */
export type StoredRequest = {
  readonly requestId: string;
  readonly submissionId: string;
  readonly position: number;
  readonly claimId: string;
  readonly status: RequestStatus;
  readonly billedCents: number | null;
  readonly paidCents: number | null;
};

/** Everything that is known of it. */
export type WholeRequest = StoredRequest &
  StoredPlace & {
    readonly fileName: string | null;
    readonly format: string;
    readonly path: string;
    readonly submittedAt: Date;
    readonly heldAt: Date | null;
    readonly decidedAt: Date | null;
    readonly scheduledAt: Date | null;
    readonly remittedAt: Date | null;
    readonly findingLists: readonly (readonly Finding[])[];
  };
