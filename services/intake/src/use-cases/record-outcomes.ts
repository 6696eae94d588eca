import type { Finding } from '../domain/finding.ts';
import type { RequestStatus } from '../domain/status.ts';

export type Outcome = {
  readonly requestId: string;
  readonly status: RequestStatus;
  readonly paidCents?: number;
  /** Of the payment that it is about, if it is. */
  readonly paymentId?: string;
};

type Found = { readonly requestId: string; readonly findings: readonly Finding[] };

export type Needs = {
  readonly outcomes: {
    record(outcomes: readonly Outcome[], at: Date): Promise<void>;
    addFindings(outcome: 'held' | 'rejected', found: readonly Found[]): Promise<void>;
  };
};

/** Remembers what became of requests. */
export async function recordOutcomes(
  { outcomes }: Needs,
  heard: readonly Outcome[],
  now: Date,
): Promise<void> {
  await outcomes.record(heard, now);
}

/** The same for requests that were held or rejected, with what was found wrong. */
export async function recordFindings(
  { outcomes }: Needs,
  { status, requests }: { status: 'held' | 'rejected'; requests: readonly Found[] },
  now: Date,
): Promise<void> {
  const heard = requests.map(({ requestId }) => ({ requestId, status }));
  await outcomes.record(heard, now);
  await outcomes.addFindings(status, requests);
}
