import type { Finding } from './finding.ts';
import type { RequestKind } from './request.ts';
import type { RequestStatus } from './status.ts';

/** A request as it is kept; the later members only when it was asked for by its id. */
export type StoredRequest = {
  readonly requestId: string;
  readonly submissionId: string;
  readonly position: number;
  readonly kind: RequestKind;
  readonly claimId: string;
  readonly status: RequestStatus;
  readonly billedCents: number | null;
  readonly paidCents: number | null;
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly ordinal: number | null;
  readonly places?: unknown;
  readonly fileName?: string | null;
  readonly format?: string;
  readonly path?: string;
  readonly submittedAt?: Date;
  readonly heldAt?: Date | null;
  readonly decidedAt?: Date | null;
  readonly scheduledAt?: Date | null;
  readonly remittedAt?: Date | null;
  readonly findingLists?: readonly (readonly Finding[])[];
};
