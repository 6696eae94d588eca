import type { DecidedRequest } from '@remitflow/contracts';
import { makePaymentsDue, type Needs as DueNeeds } from './make-due.ts';

export type Needs = DueNeeds & {
  decided: {
    record(submissionId: string, isDenied: boolean, requests: readonly DecidedRequest[]): Promise<void>;
  };
};

/** Remembers what was decided; a payment that waited for it becomes due. */
export async function recordDecisions(
  needs: Needs,
  {
    submissionId,
    requests,
    isDenied,
  }: { submissionId: string; requests: readonly DecidedRequest[]; isDenied: boolean },
): Promise<void> {
  await needs.decided.record(submissionId, isDenied, requests);
  if (!isDenied) await makePaymentsDue(needs, { requestIds: requests.map((request) => request.requestId) });
}
