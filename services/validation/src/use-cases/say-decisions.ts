import {
  cutBulk,
  RequestsApproved,
  RequestsDenied,
  RequestsHeld,
  RequestsRejected,
  type DecidedRequest as DecidedFact,
} from '@remitflow/contracts';
import type { Outbox } from '@remitflow/messaging';
import type { DecidedRequest } from '../domain/decided-request.ts';
import type { Decision, Outcome, Review } from '../domain/decision.ts';
import type { Said } from '../messages.ts';

/** Says what became of requests of one submission: one fact for each outcome, cut to what a fact may carry. */
export function sayDecisions(
  outbox: Outbox<Said>,
  submissionId: string,
  decisions: readonly Decision[],
): void {
  const of = (outcome: Outcome): readonly Decision[] =>
    decisions.filter((decision) => decision.outcome === outcome);
  for (const requests of cutBulk(of('rejected').map(toRejected))) {
    outbox.add(RequestsRejected, { submissionId, requests });
  }
  for (const requests of cutBulk(of('held').map(toHeld)))
    outbox.add(RequestsHeld, { submissionId, requests });
  for (const requests of cutBulk(of('denied').map(({ decided }) => toDecided(decided!)))) {
    outbox.add(RequestsDenied, { submissionId, requests });
  }
  for (const requests of cutBulk(of('approved').map(({ decided }) => toDecided(decided!)))) {
    outbox.add(RequestsApproved, { submissionId, requests });
  }
}

/** By their type a contract's lists are its own to change; nobody changes what is said. */
export const toDecided = (decided: DecidedRequest, review?: Review): DecidedFact => ({
  ...decided,
  lines: decided.lines as unknown as DecidedFact['lines'],
  ...(review ? { review } : {}),
});

const toRejected = ({ requestId, claimId, billedCents, findings }: Decision) => ({
  requestId,
  claimId,
  billedCents,
  findings: [...findings],
});

const toHeld = ({ requestId, claimId, decided, findings }: Decision) => ({
  requestId,
  claimId,
  billedCents: decided!.billedCents,
  allowedCents: decided!.paidCents,
  findings: [...findings],
});
