import type { DecidedRequest } from '@remitflow/contracts';
import { makePaymentsDue, type Needs as DueNeeds } from './make-due.ts';

export type Needs = DueNeeds & {
  decided: {
    record(submissionId: string, isDenied: boolean, requests: readonly DecidedRequest[]): Promise<void>;
  };
};

/** Remembers what was decided; a payment that waited for it becomes due. Gives how many did. */
export async function recordDecisions(
  needs: Needs,
  {
    submissionId,
    requests,
    isDenied,
  }: { submissionId: string; requests: readonly DecidedRequest[]; isDenied: boolean },
): Promise<number> {
  await needs.decided.record(submissionId, isDenied, requests);
  if (isDenied) return 0;
  return makePaymentsDue(needs, { payeeIds: [...new Set(requests.map((request) => request.payeeId))] });
}
